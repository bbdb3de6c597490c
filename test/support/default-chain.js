// What an application does that knows nothing of role-agent: asks STS who it is, with the AWS SDK's default chain.
// usage: default-chain.js CALLS PAUSE_MS; prints a line of JSON for each call
import { setTimeout as sleep } from "node:timers/promises";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const [calls = "1", pauseMs = "0"] = process.argv.slice(2);
const sts = new STSClient({});

for (let call = 0; call < Number(calls); call += 1) {
  if (call > 0) await sleep(Number(pauseMs));
  const { Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
  const { accessKeyId } = await sts.config.credentials();
  console.log(JSON.stringify({ arn, accessKeyId, region: await sts.config.region() }));
}
