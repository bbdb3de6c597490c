import { describe, expect, it } from "vitest";
import { createWorld, deployConfig, type World } from "../support/world.ts";
import { startBoto3Client } from "./support/boto3-client.ts";
import { startMoto } from "./support/moto.ts";
import { addProcessProfile, curlProcess, roleAgentProcess } from "./support/profile.ts";
import { answerOf, run } from "./support/run.ts";

const deploySession = expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Deploy\/./);

/** A world in which moto_server is STS for all. The variable outranks the sandbox, which the profiles name. */
async function createMotoWorld(): Promise<World> {
  const world = await createWorld();
  world.env["AWS_ENDPOINT_URL_STS"] = await startMoto();
  addProcessProfile(world, "app", roleAgentProcess);
  addProcessProfile(world, "app-by-curl", curlProcess(world));
  return world;
}

describe("an agent whose STS is moto_server", () => {
  it("makes the AWS CLI the role, before and after a refresh", async () => {
    const world = await createMotoWorld();
    await world.startAgent();
    for (const profile of ["app", "app-by-curl"]) {
      const whoami = `aws sts get-caller-identity --profile ${profile}`;
      expect(answerOf(await run(world, whoami))).toMatchObject({ Arn: deploySession });
      expect(await world.run("refresh", "deploy")).toMatchObject({ code: 0, stderr: "" });
      expect(answerOf(await run(world, whoami))).toMatchObject({ Arn: deploySession });
    }
    expect(world.sandbox.calls.count("AssumeRole")).toBe(0);
    expect(world.sandbox.calls.count("GetCallerIdentity")).toBe(0);
  });

  it("exchanges a user's long-term keys by moto's GetSessionToken, and serves none of them", async () => {
    const world = await createMotoWorld();
    await world.startAgent();
    const [{ secretAccessKey }] = world.sandbox.accounts;
    const document = await world.client.credentials("sandbox");
    // moto has one answer, AWS's documented example.
    expect(document.AccessKeyId).toBe("AKIAIOSFODNN7EXAMPLE");
    expect(document.SecretAccessKey).not.toBe(secretAccessKey);
    expect(document.SessionToken).toMatch(/^AQoEXAMPLE/);
    expect(Date.parse(document.Expiration)).toBeGreaterThan(Date.now() + 3_500_000);
    expect(world.sandbox.calls.count("GetSessionToken")).toBe(0);
  });

  it("serves moto's expiration in whole seconds, though moto gives microseconds", async () => {
    const world = await createMotoWorld();
    await world.startAgent();
    const { Expiration } = await world.client.credentials("deploy");
    expect(Expiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(Expiration)).toBeGreaterThan(Date.now() + 3_500_000);
  });

  // With 15 minutes left or less, boto3 asks for credentials before each call that it signs.
  it("hands a boto3 client that is at work the new session after a refresh", async () => {
    const world = await createMotoWorld();
    world.configure(`${deployConfig}duration_seconds = 900\n`);
    await world.startAgent();
    const boto3 = startBoto3Client(world.env, "app");
    const before = await boto3.whoami();
    expect(await boto3.whoami()).toEqual(before);
    await world.run("refresh", "deploy");
    const after = await boto3.whoami();
    expect(after).toEqual({ arn: before.arn, accessKeyId: expect.stringMatching(/^ASIA/) });
    expect(after.accessKeyId).not.toBe(before.accessKeyId);
    expect(after.accessKeyId).toBe((await world.client.credentials("deploy")).AccessKeyId);
    expect(after.arn).toEqual(deploySession);
  });
});
