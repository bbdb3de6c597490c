import { describe, expect, it, onTestFinished } from "vitest";
import { endAgent } from "../support/processes.ts";
import { createWorld, deployConfig, type CommandResult, type World } from "../support/world.ts";
import { startBoto3Client } from "./support/boto3-client.ts";
import { addProcessProfile, curlProcess, roleAgentProcess } from "./support/profile.ts";
import { answerOf, run } from "./support/run.ts";

const deploySession = expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Deploy\/./);

const processes = [
  ["role-agent credentials", () => roleAgentProcess],
  ["plain curl on the agent socket", curlProcess],
] as const;

async function whoami(world: World): Promise<CommandResult> {
  return run(world, "aws sts get-caller-identity --profile app");
}

describe.each(processes)("a profile whose credential_process is %s", (_name, processOf) => {
  it("makes the AWS CLI the role", async () => {
    const world = await createWorld();
    addProcessProfile(world, "app", processOf(world));
    await world.startAgent();
    expect(answerOf(await whoami(world))).toMatchObject({ Account: "444455556666", Arn: deploySession });
    expect(answerOf(await whoami(world))).toMatchObject({ Arn: deploySession });
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("keeps a boto3 client at work the role while the agent renews its session", async () => {
    const world = await createWorld({ sessionSeconds: 10 });
    addProcessProfile(world, "app", processOf(world));
    await world.startAgent();
    const boto3 = startBoto3Client(world.env, "app");
    const keys = new Set<string>();
    while (keys.size < 2) {
      const { arn, accessKeyId } = await boto3.whoami();
      expect(arn).toEqual(deploySession);
      keys.add(accessKeyId);
    }
    const { calls } = world.sandbox;
    expect(calls.count("GetCallerIdentity", "ok")).toBeGreaterThan(calls.count("AssumeRole"));
  });

  it("fails the AWS CLI, and slides to no other identity, when AWS refuses the role", async () => {
    const world = await createWorld();
    world.configure(deployConfig.replace("team-core", "wrong"));
    addProcessProfile(world, "app", processOf(world));
    await world.startAgent();
    const { stdout, code } = await whoami(world);
    expect({ stdout, code }).toEqual({ stdout: "", code: 255 });
    expect(world.sandbox.calls.count("GetCallerIdentity")).toBe(0);
  });
});

describe("role-agent credentials under the AWS CLI", () => {
  it("starts the agent where none runs, and the next command finds it", async () => {
    const world = await createWorld();
    onTestFinished(() => endAgent(world.client));
    addProcessProfile(world, "app", roleAgentProcess);
    expect(answerOf(await whoami(world))).toMatchObject({ Arn: deploySession });
    const { pid } = await world.client.status();
    expect(answerOf(await whoami(world))).toMatchObject({ Arn: deploySession });
    expect(await world.client.status()).toMatchObject({ pid });
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("tells the user through it why AWS refused and what to check", async () => {
    const world = await createWorld();
    world.configure(deployConfig.replace("team-core", "wrong"));
    addProcessProfile(world, "app", roleAgentProcess);
    await world.startAgent();
    const { stderr } = await whoami(world);
    expect(stderr).toMatch(/role-agent: credentials: sts:AssumeRole of arn:.*AccessDenied/);
    expect(stderr).toMatch(/\nhint: .*trust policy/);
  });

  it("tells the user through it how to start an agent, where it may not start one itself", async () => {
    const world = await createWorld();
    world.env["ROLE_AGENT_AUTOSTART"] = "0";
    addProcessProfile(world, "app", roleAgentProcess);
    const { stderr, code } = await whoami(world);
    expect(code).toBe(255);
    expect(stderr).toContain(`no agent is running at ${world.socketPath}\nhint: role-agent start\n`);
  });
});
