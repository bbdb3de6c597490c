import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { SandboxOptions } from "@role-agent/sandbox";
import { roleAgentProgram } from "../support/agent-process.ts";
import { endAgent, untilGone } from "../support/processes.ts";
import { createMfaRole, enableDevice } from "../support/mfa.ts";
import { defaultChainClient, RunningCommand } from "../support/running-command.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";
import { writtenAt } from "../support/written.ts";

const deploySession = expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Deploy\/./);

/** A world with an agent, where a command's own calls reach the sandbox, too. */
async function execWorld(options?: SandboxOptions): Promise<World> {
  const world = await createWorld(options);
  world.env["AWS_ENDPOINT_URL"] = world.sandbox.url;
  world.env["AWS_REGION"] = world.sandbox.region;
  world.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  return world;
}

function start(world: World, ...command: string[]): RunningCommand {
  return new RunningCommand(world.env, ["exec", "deploy", "--", ...command]);
}

/** An application that calls AWS this often, every 100 ms. */
function startClient(world: World, calls: number): RunningCommand {
  return start(world, process.execPath, defaultChainClient, String(calls), "100");
}

describe("a command of role-agent exec", () => {
  it("is the role, whatever the person's environment and profiles were before", async () => {
    const world = await execWorld();
    await world.startAgent();
    const keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrEXAMPLEKEY\n";
    appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", `\n[default]\noutput = text\n${keys}`);
    writeFileSync(world.env["AWS_SHARED_CREDENTIALS_FILE"] ?? "", `[default]\n${keys}`);
    Object.assign(world.env, {
      AWS_PROFILE: "sandbox",
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "wJalrEXAMPLEKEY",
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/nowhere",
      HTTP_PROXY: "http://127.0.0.1:1",
    });
    const { stdout, stderr, code } = await world.run(
      "exec",
      "deploy",
      "--",
      process.execPath,
      defaultChainClient,
    );
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ arn: deploySession, region: world.sandbox.region });
    const config = await world.run(
      "exec",
      "deploy",
      "--",
      "sh",
      "-c",
      'cat "$AWS_CONFIG_FILE"; echo "$AWS_CONFIG_FILE"',
    );
    expect(config.stdout).toContain("output = text");
    expect(config.stdout).not.toContain("AKIAIOSFODNN7EXAMPLE");
    expect(existsSync(config.stdout.trimEnd().split("\n").at(-1) ?? "")).toBe(false);
  });

  it("works in the role's region where the environment names none", async () => {
    const world = await execWorld();
    delete world.env["AWS_REGION"];
    const other = deployConfig.replace("deploy", "other");
    world.configure(`${deployConfig}region = "eu-west-1"\n${other}region = "ap-south-1"\n`);
    await world.startAgent();
    const show = "echo $AWS_REGION $AWS_DEFAULT_REGION";
    expect(await world.run("exec", "deploy", "--", "sh", "-c", show)).toMatchObject({
      stdout: "eu-west-1 eu-west-1\n",
    });
    const nested = [process.execPath, roleAgentProgram, "exec", "other", "--", "sh", "-c", show];
    expect(await world.run("exec", "deploy", "--", ...nested)).toMatchObject({
      stdout: "ap-south-1 ap-south-1\n",
    });
    world.env["AWS_DEFAULT_REGION"] = "us-west-2";
    for (const command of [["sh", "-c", show], nested])
      expect(await world.run("exec", "deploy", "--", ...command)).toMatchObject({
        stdout: "us-west-2 us-west-2\n",
      });
  });

  it("gets the same role by fromRoleAgent()", async () => {
    const world = await execWorld();
    await world.startAgent();
    const program =
      'const { fromRoleAgent } = await import("@role-agent/provider"); console.log((await fromRoleAgent()()).accessKeyId)';
    const { stdout } = await world.run(
      "exec",
      "deploy",
      "--",
      process.execPath,
      "--input-type=module",
      "-e",
      program,
    );
    expect(stdout.trim()).toBe((await world.client.credentials("deploy")).AccessKeyId);
  });

  it("works on over two renewals, and each fetch is answered without AWS", async () => {
    const world = await execWorld({ sessionSeconds: 8 });
    await world.startAgent();
    const answers = await startClient(world, 110).answers();
    expect(answers).toHaveLength(110);
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ arn: deploySession })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBeGreaterThanOrEqual(3);
    expect(world.sandbox.calls.count("AssumeRole")).toBeLessThan(10);
  });

  it("works on while no session can be issued, with the one that is held", async () => {
    const world = await execWorld({ sessionSeconds: 20 });
    await world.startAgent();
    const client = startClient(world, 1000);
    const first = await client.line();
    world.sandbox.fault("AssumeRole", { kind: "status", status: 500 });
    const { calls } = world.sandbox;
    while (calls.count("AssumeRole") < 4) expect(await client.line()).toBe(first);
    expect(calls.count("AssumeRole", "ok")).toBe(1);
    client.signal("SIGTERM");
    expect(await client.exited()).toBe(143);
  });

  it("works on while the agent is killed and another one is started", async () => {
    const world = await execWorld({ sessionSeconds: 10 });
    const first = await world.startAgent();
    const client = startClient(world, 80);
    await client.line();
    await first.end("SIGKILL");
    await sleep(1000);
    await world.startAgent();
    const answers = await client.answers();
    expect(await client.exited()).toBe(0);
    expect(answers).toHaveLength(79);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBeGreaterThanOrEqual(2);
  });

  it("starts an agent again where none is there when its last session ends", async () => {
    const world = await execWorld({ sessionSeconds: 6 });
    onTestFinished(() => endAgent(world.client));
    const first = await world.startAgent();
    const client = startClient(world, 120);
    await client.line();
    await first.end();
    await expect(world.client.status()).rejects.toMatchObject({ code: "AgentUnreachable" });
    const answers = await client.answers();
    expect(await client.exited()).toBe(0);
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ arn: deploySession })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBeGreaterThanOrEqual(2);
    expect((await world.client.status()).pid).not.toBe(first.pid);
  });

  it("may be stopped and go on", async () => {
    const world = await execWorld();
    await world.startAgent();
    const command = start(world, "sh", "-c", "echo $$; kill -STOP $$; echo on; exit 4");
    const pid = Number(await command.line());
    while (!/^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) await sleep(10);
    process.kill(pid, "SIGCONT");
    expect(await command.line()).toBe("on");
    expect(await command.exited()).toBe(4);
  });

  it("has its endpoint's token in no command line and in no log", async () => {
    const world = await execWorld();
    const agent = await world.startAgent();
    const command = start(world, "sh", "-c", 'echo "$AWS_CONTAINER_AUTHORIZATION_TOKEN"; exec sleep 20');
    const token = (await command.line()) ?? "";
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(commandLines()).toContain("sleep");
    expect(commandLines()).not.toContain(token);
    expect(agent.log).not.toContain(token);
  });

  it("ends its endpoint when it ends, also where a process that it left behind goes on", async () => {
    const world = await execWorld();
    await world.startAgent();
    const script = 'sleep 20 >&- 2>&- & echo $!; echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI"; exit 5';
    const command = start(world, "sh", "-c", script);
    const left = Number(await command.line());
    const uri = (await command.line()) ?? "";
    expect(await command.exited()).toBe(5);
    await expect(fetch(uri)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    process.kill(left);
    await untilGone([left]);
  });

  it("refuses whoever has not its token", async () => {
    const world = await execWorld();
    await world.startAgent();
    const command = start(world, "sh", "-c", 'echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI"; exec sleep 20');
    const uri = (await command.line()) ?? "";
    expect(await statusOf(uri, {})).toBe(401);
    expect(await statusOf(uri, { Authorization: "wrong" })).toBe(401);
  });
});

describe("role-agent exec ends", () => {
  it.each([
    [0, ["true"]],
    [42, ["sh", "-c", "exit 42"]],
    [143, ["sh", "-c", "kill -TERM $$"]],
    [137, ["sh", "-c", "kill -KILL $$"]],
    [127, ["no-such-command"]],
    [127, ["./no-such-file"]],
    [126, ["/"]],
  ])("with %i, as a shell, after %j", async (code, command) => {
    const world = await execWorld();
    await world.startAgent();
    const result = await world.run("exec", "deploy", "--", ...command);
    expect(result).toMatchObject({ code, stdout: "" });
    if (code === 127) expect(result.stderr).toMatch(/^role-agent: exec: .*no-such-.*: not found\nhint: /);
    if (code === 126) expect(result.stderr).toMatch(/^role-agent: exec: \/: can't be executed: .*\nhint: /);
  });

  it("with 127, as a shell, where a directory of PATH can't be searched; root can search them all", async () => {
    const world = await execWorld();
    await world.startAgent();
    const closed = join(world.home, "closed");
    mkdirSync(closed, { mode: 0 });
    world.env["PATH"] = `${closed}:${world.env["PATH"] ?? ""}`;
    const { code, stderr } = await world.run("exec", "deploy", "--", "no-such-command");
    expect({ code, stderr }).toMatchObject({ code: 127, stderr: expect.stringContaining("not found") });
  });

  it("with 126 after a file that nobody may execute", async () => {
    const world = await execWorld();
    await world.startAgent();
    const file = join(world.home, "script");
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, 0o600);
    expect(await world.run("exec", "deploy", "--", file)).toMatchObject({ code: 126 });
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
    "when its command has had %s, and decides itself how to end",
    async (signal) => {
      const world = await execWorld();
      await world.startAgent();
      const name = signal.slice("SIG".length);
      const command = start(
        world,
        "sh",
        "-c",
        `trap 'echo got; exit 9' ${name}; echo ready; while :; do sleep 0.05; done`,
      );
      expect(await command.line()).toBe("ready");
      command.signal(signal);
      expect(await command.line()).toBe("got");
      expect(await command.exited()).toBe(9);
    },
  );

  it("with 3 and starts nothing where no agent runs and none may be started", async () => {
    const world = await execWorld();
    world.env["ROLE_AGENT_AUTOSTART"] = "0";
    expect(await world.run("exec", "deploy", "--", "echo", "started")).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/^role-agent: exec: no agent is running .*\nhint: role-agent start\n$/),
    });
  });

  it("with 4 and starts nothing where a person must act first", async () => {
    const world = await execWorld();
    const serial = await enableDevice(world.sandbox);
    const arn = await createMfaRole(world.sandbox, "admin");
    world.configure(
      `[roles.admin]\nrole_arn = "${arn}"\nsource_profile = "sandbox"\nmfa_serial = "${serial}"\n`,
    );
    await world.startAgent();
    expect(await world.run("exec", "admin", "--", "echo", "started")).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringMatching(/\nhint: role-agent mfa admin\n$/),
    });
  });

  it.each([
    [["deploy"], "COMMAND is missing: it comes after --"],
    [["deploy", "--"], "COMMAND is missing: it comes after --"],
    [["--", "true"], "ROLE is missing, and ROLE_AGENT_ROLE is not set"],
    [["deploy", "true", "--", "x"], 'unexpected argument "true"'],
    [["deploy", "--role-session-name", "x", "--", "true"], "--role-session-name is not there"],
  ])("with 2 after the command line %j", async (args, message) => {
    const world = await createWorld();
    expect(await world.run("exec", ...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`role-agent: ${message}`),
    });
  });

  it("as the command's own --help does", async () => {
    const world = await execWorld();
    await world.startAgent();
    const result = await world.run("exec", "deploy", "--", "sh", "-c", 'echo "$0"', "--help");
    expect(result).toMatchObject({ stdout: "--help\n", code: 0 });
  });
});

describe("role-agent exec --env", () => {
  it("gives the command a session in variables, and no endpoint", async () => {
    const world = await execWorld();
    await world.startAgent();
    world.env["AWS_PROFILE"] = "sandbox";
    const client = await world.run("exec", "deploy", "--env", "--", process.execPath, defaultChainClient);
    expect(JSON.parse(client.stdout)).toMatchObject({ arn: deploySession });
    const { stdout } = await world.run("exec", "--env", "deploy", "--", "env");
    expect(stdout).toMatch(/^AWS_CREDENTIAL_EXPIRATION=2\d{3}-.*Z$/m);
    expect(stdout).not.toMatch(/^AWS_(CONTAINER|PROFILE)/m);
  });
});

describe("role-agent exec --policy", () => {
  it("gives the command less than the role, and leads it to no more", async () => {
    const world = await execWorld();
    await world.startAgent();
    const file = join(world.home, "policy.json");
    const allowed = { Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" };
    writeFileSync(file, JSON.stringify({ Version: "2012-10-17", Statement: allowed }));
    const { stdout } = await world.run(
      "exec",
      "deploy",
      "--policy",
      file,
      "--",
      process.execPath,
      defaultChainClient,
    );
    const narrowed: { accessKeyId: string } = JSON.parse(stdout);
    expect(narrowed).toMatchObject({ arn: deploySession });
    expect(narrowed.accessKeyId).not.toBe((await world.client.credentials("deploy")).AccessKeyId);
    expect(world.sandbox.calls.count("GetScopedCredentials")).toBe(1);
    const env = await world.run("exec", "deploy", "--policy", file, "--", "env");
    expect(env.stdout).not.toMatch(/^ROLE_AGENT_(ROLE|SOCK)/m);
  });

  it.each([
    ["is missing", undefined, 2, "policy.json doesn't exist"],
    ["is no policy", "{", 1, "policy"],
    ["is none that AWS takes", '{"Version":"2012-10-17"}', 2, ""],
  ])("starts nothing where the file %s", async (_name, text, code, message) => {
    const world = await execWorld();
    await world.startAgent();
    const file = join(world.home, "policy.json");
    if (text !== undefined) writeFileSync(file, text);
    const result = await world.run("exec", "deploy", "--policy", file, "--", "echo", "started");
    expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
  });
});

async function statusOf(uri: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(uri, { headers }, ({ statusCode }) => resolve(statusCode)).on("error", reject);
  });
}

/** What everybody on the machine can read of every process. */
function commandLines(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => writtenAt(`/proc/${pid}/cmdline`))
    .join("\n");
}
