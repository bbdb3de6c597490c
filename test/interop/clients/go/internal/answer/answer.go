// Package answer is what the programs of this module have in common: a line in, a line of JSON out.
package answer

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
)

// Identity is who an SDK is, and the key that it has signed with.
type Identity struct {
	Arn         string `json:"arn"`
	AccessKeyID string `json:"accessKeyId"`
}

// Whoami is a call of GetCallerIdentity.
type Whoami func(context.Context) (Identity, error)

type failure struct {
	Error string `json:"error"`
}

var credential = regexp.MustCompile(`Credential=(\w+)/`)

// KeyOf finds the id of the access key that a request was signed with.
func KeyOf(header http.Header) string {
	match := credential.FindStringSubmatch(header.Get("Authorization"))
	if match == nil {
		return ""
	}
	return match[1]
}

// EachLine asks once for each line of standard input.
func EachLine(whoami Whoami) {
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := answers.Encode(one(whoami)); err != nil {
			Fail(err)
		}
	}
}

func one(whoami Whoami) any {
	identity, err := whoami(context.Background())
	if err != nil {
		return failure{err.Error()}
	}
	return identity
}

// Fail ends a program that has no client to ask with.
func Fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
