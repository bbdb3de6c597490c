// Runs the AWS CLI once for each line it reads: who it is, and which key has signed that call.
// usage: aws-cli.js PROGRAM
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { answerLines } from "./answer-lines.js";

const [program] = process.argv.slice(2);
// Releases before 2.13 don't know AWS_ENDPOINT_URL. Only the debug log names the key.
const args = ["sts", "get-caller-identity", "--debug", "--endpoint-url", process.env.AWS_ENDPOINT_URL];

await answerLines(async () => {
  const { stdout, stderr } = await promisify(execFile)(program, args).catch(({ stderr: log }) => {
    throw new Error(log.trim().split("\n").at(-1));
  });
  const signatures = [...stderr.matchAll(/Credential=(\w+)\//g)];
  return { arn: JSON.parse(stdout).Arn, accessKeyId: signatures.at(-1)?.[1] };
});
