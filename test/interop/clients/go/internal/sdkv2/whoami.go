// Package sdkv2 asks STS by the AWS SDK for Go v2.
package sdkv2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"role-agent/interop/internal/answer"
)

// Whoami gives back a function that asks with one and the same client.
func Whoami(cfg aws.Config) answer.Whoami {
	var signedBy string
	client := sts.NewFromConfig(cfg, sts.WithAPIOptions(noteKey(&signedBy)))
	return func(ctx context.Context) (answer.Identity, error) {
		identity, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return answer.Identity{}, err
		}
		return answer.Identity{Arn: aws.ToString(identity.Arn), AccessKeyID: signedBy}, nil
	}
}

// noteKey adds a step behind the signer's that notes which key it has signed with.
func noteKey(signedBy *string) func(*middleware.Stack) error {
	step := middleware.FinalizeMiddlewareFunc("NoteKey", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		if request, ok := in.Request.(*smithyhttp.Request); ok {
			*signedBy = answer.KeyOf(request.Header)
		}
		return next.HandleFinalize(ctx, in)
	})
	return func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(step, "Signing", middleware.After)
	}
}
