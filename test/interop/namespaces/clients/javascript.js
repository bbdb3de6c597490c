// For each line it reads, one and the same client of the AWS SDK for JavaScript v3 says who it is and which key has signed
// that call.
import { createInterface } from "node:readline";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const sts = new STSClient({});
let authorization = "";
sts.middlewareStack.add(
  (next) => (args) => {
    authorization = args.request.headers.authorization;
    return next(args);
  },
  { step: "finalizeRequest", priority: "low" },
);

for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify(await whoami()));

async function whoami() {
  try {
    const { Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { arn, accessKeyId: /Credential=(\w+)\//.exec(authorization)?.[1] };
  } catch (error) {
    return { error: error.message };
  }
}
