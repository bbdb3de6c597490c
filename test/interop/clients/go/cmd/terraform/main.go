// For each line that it reads, one and the same STS client says who it is, with credentials that are found as by the AWS
// provider of Terraform: before there is a client, and with as many retries.
package main

import (
	"context"
	"errors"

	awsbase "github.com/hashicorp/aws-sdk-go-base/v2"
	"github.com/hashicorp/aws-sdk-go-base/v2/diag"

	"role-agent/interop/internal/answer"
	"role-agent/interop/internal/sdkv2"
)

func main() {
	var whoami answer.Whoami
	answer.EachLine(func(ctx context.Context) (answer.Identity, error) {
		if whoami == nil {
			_, cfg, diags := awsbase.GetAwsConfig(ctx, &awsbase.Config{MaxRetries: 25})
			if diags.HasError() {
				return answer.Identity{}, join(diags)
			}
			whoami = sdkv2.Whoami(cfg)
		}
		return whoami(ctx)
	})
}

func join(diags diag.Diagnostics) error {
	var all error
	for _, each := range diags.Errors() {
		all = errors.Join(all, errors.New(each.Summary()+": "+each.Detail()))
	}
	return all
}
