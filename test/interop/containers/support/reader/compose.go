package main

import (
	"context"

	"github.com/compose-spec/compose-go/v2/cli"
)

// The project as `docker compose config` shows it: checked against the schema, variables filled in, paths absolute.
func readCompose(path string) (any, error) {
	options, err := cli.NewProjectOptions([]string{path}, cli.WithOsEnv)
	if err != nil {
		return nil, err
	}
	return options.LoadProject(context.Background())
}
