// npm run demo: the whole thing, offline, in half a minute. What it starts it stops; what it writes it removes.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { awsConfigFile, startSandbox } from "@role-agent/sandbox";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const fastMotion = 60;
const lifetimeSeconds = 900 / fastMotion;
const outageSeconds = 300 / fastMotion;

const root = fileURLToPath(new URL("..", import.meta.url));
const roleAgentProgram = join(root, "packages/agent/bin/role-agent.js");
const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const dim = (text) => (colours ? `\u001B[2m${text}\u001B[22m` : text);
const bold = (text) => (colours ? `\u001B[1m${text}\u001B[22m` : text);

const say = (text = "") => console.log(text);
const step = (text) => say(`\n${bold(text)}`);

/** The partner's side: a role that trusts our account, if we bring the external id. */
async function createPartnerRole(sandbox) {
  const [us, partner] = sandbox.accounts;
  const iam = new IAMClient({ region: sandbox.region, endpoint: sandbox.url, credentials: partner });
  const trustPolicy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${us.id}:root` },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "team-core" } },
      },
    ],
  };
  await iam.send(
    new CreateRoleCommand({ RoleName: "Deploy", AssumeRolePolicyDocument: JSON.stringify(trustPolicy) }),
  );
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "Deploy", PolicyArn }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: "Deploy" }));
  iam.destroy();
  const [statement] = JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument)).Statement;
  say(`   role      ${Role.Arn}`);
  say(`   trusts    ${statement.Principal.AWS}, with sts:ExternalId`);
  say(`   may       AmazonS3ReadOnlyAccess`);
  return Role.Arn;
}

/** A home directory for the demo alone, with our side's configuration. */
function createHome(sandbox, roleArn) {
  const home = mkdtempSync(join(tmpdir(), "role-agent-demo-"));
  const runtime = join(home, "run");
  mkdirSync(runtime, { mode: 0o700 });
  const config = `[roles.deploy]
role_arn = "${roleArn}"
source_profile = "sandbox"
external_id = "team-core"
`;
  writeFileSync(join(home, "config.toml"), config, { mode: 0o600 });
  writeFileSync(join(home, "aws-config"), awsConfigFile(sandbox), { mode: 0o600 });
  say(dim(config.trimEnd().replaceAll(/^/gm, "   ")));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    ROLE_AGENT_CONFIG: join(home, "config.toml"),
    AWS_CONFIG_FILE: join(home, "aws-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, "aws-credentials"),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...(process.env.NO_COLOR && { NO_COLOR: process.env.NO_COLOR }),
  };
  return { home, env };
}

function roleAgent(env, ...args) {
  return execFileSync(process.execPath, [roleAgentProgram, ...args], { env, encoding: "utf8" });
}

/** Runs the app; tells of each new access key, and counts its calls. */
function startApp(sandbox, env) {
  const program = join(root, "examples/whoami/whoami.js");
  const app = spawn(process.execPath, [program, "100"], {
    env: { ...env, ROLE_AGENT_ROLE: "deploy", AWS_REGION: sandbox.region, AWS_ENDPOINT_URL: sandbox.url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const seen = { calls: 0, keys: new Set(), identities: new Set(), exitCode: undefined };
  app.once("exit", (code) => {
    seen.exitCode = code;
  });
  const start = Date.now();
  createInterface(app.stdout).on("line", (line) => {
    const [, identity, key] = line.split(" ");
    seen.calls += 1;
    seen.identities.add(identity);
    if (!seen.keys.has(key))
      event(start, `${seen.keys.size === 0 ? "signs with" : "renewed:  "} ${key}  ${dim(identity)}`);
    seen.keys.add(key);
  });
  return { seen, start, stop: () => app.kill() };
}

/** A line with the time in fast motion. */
function event(start, text) {
  const minutes = ((Date.now() - start) / 60_000) * fastMotion;
  say(`   minute ${String(Math.floor(minutes)).padStart(2)}   ${text}`);
}

async function watchApp(sandbox, app) {
  while (app.seen.calls === 0 && app.seen.exitCode === undefined) await sleep(50);
  await sleep(lifetimeSeconds * 1000 * 0.35);
  const before = app.seen.calls;
  event(app.start, bold("STS goes down: no role can be assumed"));
  const endOutage = sandbox.fault("AssumeRole", { kind: "refuse" });
  await sleep(outageSeconds * 1000);
  const failedRenewals = sandbox.calls.count("AssumeRole") - app.seen.keys.size;
  endOutage();
  const during = app.seen.calls - before;
  event(
    app.start,
    bold("STS is back") +
      ` after ${(outageSeconds * fastMotion) / 60} minutes: ${failedRenewals} renewals failed, the app's ${during} calls did not`,
  );
  const keys = app.seen.keys.size;
  while (app.seen.keys.size === keys && app.seen.exitCode === undefined) await sleep(50);
  await sleep(1000);
}

/** What the demo claims, checked. */
function verify({ calls, keys, identities, exitCode }) {
  const role = /^arn:aws:sts::444455556666:assumed-role\/Deploy\//;
  if (exitCode !== undefined) throw new Error(`a call of the app failed (it ended with ${exitCode})`);
  if (![...identities].every((identity) => role.test(identity))) throw new Error("the app was somebody else");
  if (keys.size < 2) throw new Error("no renewal was seen");
  say(`\n${bold("Done.")} ${calls} signed calls as the role, ${keys.size} access keys, 0 failures.`);
}

async function main() {
  say(bold("role-agent: an app keeps its AWS role, through renewals and an outage, without an AWS account"));
  const cleanUps = [];
  const cleanUp = async () => {
    for (const undo of cleanUps.splice(0)) await undo();
  };
  process.once("SIGINT", () => void cleanUp().then(() => process.exit(130)));
  try {
    step("1  An offline STS and IAM with two accounts");
    const sandbox = await startSandbox({ sessionSeconds: lifetimeSeconds });
    cleanUps.unshift(() => sandbox.stop());
    say(`   ${sandbox.url}   us: ${sandbox.accounts[0].id}   the partner: ${sandbox.accounts[1].id}`);

    step("2  The partner creates a role for us, with the AWS SDK");
    const roleArn = await createPartnerRole(sandbox);

    step("3  We name it in config.toml and start the agent");
    const { home, env } = createHome(sandbox, roleArn);
    cleanUps.unshift(() => rmSync(home, { recursive: true, force: true }));
    roleAgent(env, "start");
    cleanUps.unshift(() => roleAgent(env, "stop"));

    step(
      `4  examples/whoami calls AWS ten times a second; sessions of 15 minutes, ${fastMotion} times faster`,
    );
    const app = startApp(sandbox, env);
    cleanUps.unshift(app.stop);
    await watchApp(sandbox, app);

    step("5  role-agent status");
    say(
      roleAgent(env, "status")
        .trimEnd()
        .replaceAll(/^(?=.)/gm, "   "),
    );
    verify(app.seen);
  } finally {
    await cleanUp();
  }
}

await main();
