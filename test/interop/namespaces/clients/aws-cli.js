// For each line it reads, the AWS CLI says who it is and which key has signed that call.
// usage: aws-cli.js PROGRAM
import { spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

const [program] = process.argv.slice(2);
// Releases of v2 before 2.13 don't know AWS_ENDPOINT_URL. Only the debug log names the key.
const args = ["sts", "get-caller-identity", "--debug", "--endpoint-url", process.env.AWS_ENDPOINT_URL];

for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify(whoami()));

function whoami() {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) return { error: stderr.trim().split("\n").at(-1) };
  const accessKeyId = [...stderr.matchAll(/Credential=(\w+)\//g)].at(-1)?.[1];
  return { arn: JSON.parse(stdout).Arn, accessKeyId };
}
