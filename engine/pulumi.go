//go:build tools

// Package engine names the Pulumi CLI as a dependency, so that go.mod pins it and go.sum holds its hashes.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
