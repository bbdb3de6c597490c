package main

import (
	"bytes"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type stage struct {
	Name         string   `json:"name"`
	Base         string   `json:"base"`
	Instructions []step   `json:"instructions"`
	Warnings     []string `json:"warnings"`
}

type step struct {
	Name    string               `json:"name"`
	Content instructions.Command `json:"content"`
}

func readDockerfile(path string) (any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	warnings := []string{}
	lint := linter.New(&linter.Config{Warn: func(rule, _, _, message string, _ []parser.Range) {
		warnings = append(warnings, rule+": "+message)
	}})
	stages, _, err := instructions.Parse(parsed.AST, lint)
	if err != nil {
		return nil, err
	}
	result := []stage{}
	for _, each := range stages {
		steps := []step{}
		for _, command := range each.Commands {
			steps = append(steps, step{command.Name(), command})
		}
		result = append(result, stage{each.Name, each.BaseName, steps, warnings})
	}
	return result, nil
}
