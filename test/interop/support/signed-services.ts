import { createServer, type ServerResponse } from "node:http";
import type { Sandbox } from "@role-agent/sandbox";
import { onTestFinished } from "vitest";
import { authenticate } from "../../../packages/sandbox/src/authenticate.ts";
import { AwsError } from "../../../packages/sandbox/src/aws-error.ts";
import { readRequest } from "../../../packages/sandbox/src/aws-request.ts";
import { identityOf } from "../../../packages/sandbox/src/principal.ts";

/**
 * S3's ListBuckets and DynamoDB's ListTables for the callers of a sandbox: its keys, sessions and clock prove each
 * signature. The answer has the caller's ARN where AWS names the owner of the buckets, and the tables. Gone when the test
 * is over.
 */
export async function startSignedServices(sandbox: Sandbox): Promise<{ readonly url: string }> {
  const server = createServer((incoming, response) => {
    const answer = async (): Promise<void> => {
      const request = await readRequest(incoming);
      const service = request.headers["x-amz-target"]?.startsWith("DynamoDB_") ? "dynamodb" : "s3";
      const refuse = service === "s3" ? refuseAsS3 : refuseAsDynamoDb;
      try {
        const { principal } = await authenticate(request, service, sandbox.state, sandbox.clock.now());
        const { arn } = identityOf(principal);
        response.end(service === "s3" ? bucketsOf(arn) : JSON.stringify({ TableNames: [arn] }));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        refuse(response, error);
      }
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}` };
}

function bucketsOf(arn: string): string {
  const owner = `<Owner><DisplayName>${arn}</DisplayName><ID>1</ID></Owner>`;
  return `<ListAllMyBucketsResult>${owner}<Buckets/></ListAllMyBucketsResult>`;
}

function refuseAsS3(response: ServerResponse, { status, code, message }: AwsError): void {
  response.writeHead(status).end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

function refuseAsDynamoDb(response: ServerResponse, { status, code, message }: AwsError): void {
  response.writeHead(status).end(JSON.stringify({ __type: code, message }));
}
