// curl as a client of its own: for each line it reads, it gets credentials as the environment says and signs
// GetCallerIdentity with them.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { answerLines } from "./answer-lines.js";

const {
  AWS_CONTAINER_CREDENTIALS_FULL_URI: container,
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile = "",
  AWS_CONFIG_FILE: configFile,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: imds,
  AWS_ENDPOINT_URL: aws = "",
  AWS_REGION: region,
} = process.env;

async function run(program, ...args) {
  const { stdout } = await promisify(execFile)(program, args).catch(({ stderr }) => {
    throw new Error(stderr.trim());
  });
  return stdout;
}

const curl = (...args) => run("curl", "-sSf", ...args);

async function fromContainer() {
  return curl("-H", `Authorization: ${readFileSync(tokenFile, "utf8")}`, container);
}

async function fromImds() {
  const ttl = "X-aws-ec2-metadata-token-ttl-seconds: 60";
  const token = await curl("-X", "PUT", "-H", ttl, `${imds}/latest/api/token`);
  const get = (path) => curl("-H", `X-aws-ec2-metadata-token: ${token}`, `${imds}/latest/meta-data/${path}`);
  return get(`iam/security-credentials/${await get("iam/security-credentials/")}`);
}

/** The line of the profile, by a shell as most SDKs run it. */
async function fromProcess() {
  return run("sh", "-c", /^credential_process = (.*)$/m.exec(readFileSync(configFile, "utf8"))[1]);
}

const credentials = container ? fromContainer : imds ? fromImds : fromProcess;

await answerLines(async () => {
  const { AccessKeyId, SecretAccessKey, Token } = JSON.parse(await credentials());
  const answer = await curl(
    "--aws-sigv4",
    `aws:amz:${region}:sts`,
    "--user",
    `${AccessKeyId}:${SecretAccessKey}`,
    "-H",
    `X-Amz-Security-Token: ${Token}`,
    "--data",
    "Action=GetCallerIdentity&Version=2011-06-15",
    aws,
  );
  return { arn: /<Arn>(.*)<\/Arn>/.exec(answer)[1], accessKeyId: AccessKeyId };
});
