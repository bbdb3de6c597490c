// One client of the AWS SDK for JavaScript, with its default chain, that asks STS who it is for so long.
// usage: whoami-for.js SECONDS PAUSE_SECONDS; prints a line of JSON for each call, failed ones too
import { setTimeout as sleep } from "node:timers/promises";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const [seconds, pauseSeconds] = process.argv.slice(2).map(Number);
const sts = new STSClient({});
const end = performance.now() + seconds * 1000;

while (performance.now() < end) {
  console.log(JSON.stringify({ client: "javascript", ...(await call()) }));
  await sleep(pauseSeconds * 1000);
}

async function call() {
  try {
    const { Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { arn, accessKeyId: (await sts.config.credentials()).accessKeyId };
  } catch (error) {
    return { error: String(error) };
  }
}
