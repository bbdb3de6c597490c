package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

var kinds = map[string]func() any{
	"v1 Namespace":       func() any { return &core.Namespace{} },
	"v1 ServiceAccount":  func() any { return &core.ServiceAccount{} },
	"v1 ConfigMap":       func() any { return &core.ConfigMap{} },
	"v1 Secret":          func() any { return &core.Secret{} },
	"apps/v1 Deployment": func() any { return &apps.Deployment{} },
	"apps/v1 DaemonSet":  func() any { return &apps.DaemonSet{} },
}

// The objects of a manifest. A field that its type doesn't have, or that stands there twice, is an error, as with
// `kubectl apply --validate=strict`.
func readManifests(path string) (any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	objects := []any{}
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		var head struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal(document, &head); err != nil {
			return nil, err
		}
		empty, known := kinds[head.APIVersion+" "+head.Kind]
		if !known {
			return nil, fmt.Errorf("unknown kind %q of %q", head.Kind, head.APIVersion)
		}
		object := empty()
		if err := readStrictly(document, object); err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// As the API server does it: names of fields in their exact case.
func readStrictly(document []byte, object any) error {
	text, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return err
	}
	problems, err := json.UnmarshalStrict(text, object)
	return errors.Join(append(problems, err)...)
}
