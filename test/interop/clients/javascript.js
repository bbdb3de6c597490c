// One client of the AWS SDK for JavaScript v3 that says, for each line it reads, who it is and which key has signed that
// call. In S3 and DynamoDB the test's server answers with the caller's ARN where AWS names an owner and tables.
// usage: javascript.js sts|s3|dynamodb default|fromHttp|fromInstanceMetadata|fromProcess|fromRoleAgent
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromHttp, fromInstanceMetadata, fromProcess } from "@aws-sdk/credential-providers";
import { fromRoleAgent } from "@role-agent/provider";
import { answerLines } from "./answer-lines.js";

const services = {
  sts: [STSClient, new GetCallerIdentityCommand({}), ({ Arn }) => Arn],
  s3: [S3Client, new ListBucketsCommand({}), ({ Owner }) => Owner.DisplayName],
  dynamodb: [DynamoDBClient, new ListTablesCommand({}), ({ TableNames: [name] }) => name],
};
const providers = { fromHttp, fromInstanceMetadata, fromProcess, fromRoleAgent };

const [service, credentials] = process.argv.slice(2);
const [Client, command, arnIn] = services[service];
const client = new Client(credentials === "default" ? {} : { credentials: providers[credentials]() });
let signedBy;
client.middlewareStack.add(
  (next) => (args) => {
    signedBy = /Credential=(\w+)\//.exec(args.request.headers.authorization)?.[1];
    return next(args);
  },
  { step: "finalizeRequest", priority: "low" },
);

await answerLines(async () => {
  const arn = arnIn(await client.send(command));
  return { arn, accessKeyId: signedBy };
});
