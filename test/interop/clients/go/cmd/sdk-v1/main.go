// For each line that it reads, one and the same STS client of the AWS SDK for Go v1 says who it is.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/request"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/sts"

	"role-agent/interop/internal/answer"
)

func main() {
	// This SDK does not know the variable.
	endpoint := aws.Config{Endpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL"))}
	options := session.Options{Config: endpoint, SharedConfigState: session.SharedConfigEnable}
	configured, err := session.NewSessionWithOptions(options)
	if err != nil {
		answer.Fail(err)
	}
	var signedBy string
	client := sts.New(configured)
	client.Handlers.Sign.PushBack(func(r *request.Request) { signedBy = answer.KeyOf(r.HTTPRequest.Header) })
	answer.EachLine(func(ctx context.Context) (answer.Identity, error) {
		identity, err := client.GetCallerIdentityWithContext(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return answer.Identity{}, err
		}
		return answer.Identity{Arn: aws.StringValue(identity.Arn), AccessKeyID: signedBy}, nil
	})
}
