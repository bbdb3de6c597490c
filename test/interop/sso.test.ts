import { appendFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createSsoWorld, ssoAccount, type SsoWorld } from "../support/sso-world.ts";
import type { CommandResult } from "../support/world.ts";
import { startBoto3Client } from "./support/boto3-client.ts";
import { answerOf, run } from "./support/run.ts";

const alice = expect.stringMatching(/:assumed-role\/AWSReservedSSO_ReadOnly_\w+\/alice$/);

/** A world in which `[profile app]` is the permission set of the role `reader`, for the AWS CLI and boto3. */
async function createAppWorld(): Promise<SsoWorld> {
  const world = await createSsoWorld();
  const profile = `[profile app]\nsso_session = corp\nsso_account_id = ${ssoAccount}\nsso_role_name = ReadOnly\nregion = us-east-1\n`;
  appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", profile);
  return world;
}

async function whoami(world: SsoWorld): Promise<CommandResult> {
  return run(world, "aws sts get-caller-identity --profile app");
}

describe("the token that `role-agent login` wrote", () => {
  it.each([[[]], [["--device"]]])("%s makes the AWS CLI the permission set", async (args) => {
    const world = await createAppWorld();
    await world.signIn(...args);
    expect(answerOf(await whoami(world))).toMatchObject({ Account: ssoAccount, Arn: alice });
  });

  it("keeps a boto3 client at work, which renews it; the agent goes on with what boto3 wrote", async () => {
    const world = await createAppWorld();
    const { identityCenter } = world.sandbox.state;
    identityCenter.accessTokenSeconds = 60;
    await world.signIn();
    const written = world.token();
    identityCenter.accessTokenSeconds = 3600;
    expect(await startBoto3Client(world.env, "app").whoami()).toMatchObject({ arn: alice });
    expect(world.token()["accessToken"]).not.toBe(written["accessToken"]);
    const renewals = world.sandbox.calls.count("CreateToken");
    await world.startAgent();
    expect(await world.client.credentials("reader")).toMatchObject({ AccountId: ssoAccount });
    expect(world.sandbox.calls.count("CreateToken")).toBe(renewals);
  });

  it("is as good to the AWS CLI after the agent has renewed it, and can be renewed by it again", async () => {
    const world = await createAppWorld();
    const { identityCenter } = world.sandbox.state;
    identityCenter.accessTokenSeconds = 1;
    await world.signIn();
    identityCenter.accessTokenSeconds = 60;
    await world.startAgent();
    await world.client.credentials("reader");
    const renewals = world.sandbox.calls.count("CreateToken", "ok");
    expect(answerOf(await whoami(world))).toMatchObject({ Arn: alice });
    expect(world.sandbox.calls.count("CreateToken", "ok")).toBe(renewals + 1);
  });

  it("is read by the AWS SDK for JavaScript", async () => {
    const world = await createAppWorld();
    await world.signIn();
    const program = `
      import { fromSSO } from ${JSON.stringify(import.meta.resolve("@aws-sdk/credential-providers"))};
      const { accessKeyId } = await fromSSO({ profile: "app" })();
      console.log(accessKeyId);`;
    const { stdout } = await run(world, `"${process.execPath}" --input-type=module -e '${program}'`);
    expect(world.sandbox.state.sessions[stdout.trim()]).toMatchObject({ accountId: ssoAccount });
  });
});
