import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { createWorld, deployArn, type World } from "../support/world.ts";

async function identityOf(world: World): Promise<string | undefined> {
  const sts = new STSClient({
    region: world.sandbox.region,
    endpoint: world.sandbox.url,
    credentials: world.provider(),
  });
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  return Arn;
}

describe("the main job", () => {
  it("lets an app sign AWS requests as the role, through the agent", async () => {
    const world = await createWorld();
    await world.startAgent();
    expect(await identityOf(world)).toMatch(/^arn:aws:sts::444455556666:assumed-role\/Deploy\//);
  });

  it("answers with a document that serves every kind of client", async () => {
    const world = await createWorld();
    await world.startAgent();
    const document = await world.client.credentials("deploy");
    expect(document).toEqual({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Token: document.SessionToken,
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      AccountId: "444455556666",
      RoleArn: deployArn,
    });
  });
});
