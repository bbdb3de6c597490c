// Reads a file of examples/containers as the tool does that it is written for, and prints what that tool makes of it
// as JSON: compose files with Compose's own loader, manifests strictly into Kubernetes' own types, and Dockerfiles with
// BuildKit's own parser. Ends with 1, and says why, where the tool would refuse the file.
//
//	container-files compose|kubernetes|dockerfile FILE
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

var readers = map[string]func(path string) (any, error){
	"compose":    readCompose,
	"kubernetes": readManifests,
	"dockerfile": readDockerfile,
}

func main() {
	if len(os.Args) != 3 || readers[os.Args[1]] == nil {
		fail("usage: container-files compose|kubernetes|dockerfile FILE")
	}
	content, err := readers[os.Args[1]](os.Args[2])
	if err != nil {
		fail(fmt.Sprintf("%s: %v", os.Args[2], err))
	}
	if err := json.NewEncoder(os.Stdout).Encode(content); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
