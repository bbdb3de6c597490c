// For each line that it reads, one and the same STS client of the AWS SDK for Go v2 says who it is.
package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/config"

	"role-agent/interop/internal/answer"
	"role-agent/interop/internal/sdkv2"
)

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		answer.Fail(err)
	}
	answer.EachLine(sdkv2.Whoami(cfg))
}
