import { describe, expect, it } from "vitest";
import { createLoginWorld, loginArn, nearlyEnded } from "../support/login-world.ts";
import { answerOf, run } from "./support/run.ts";

const whoami = "aws sts get-caller-identity --profile console";

describe("a login of the AWS CLI", () => {
  it("is renewed in turns by the agent and by botocore, each from what the other has written", async () => {
    const world = await createLoginWorld();
    world.write(nearlyEnded(world.read()));
    await world.startAgent();
    await world.client.credentials("console");
    expect(world.sandbox.calls.count("CreateOAuth2Token", "ok")).toBe(1);

    expect(answerOf(await run(world, whoami))).toMatchObject({ Arn: loginArn });
    expect(world.sandbox.calls.count("CreateOAuth2Token")).toBe(1);

    const ofAgent = nearlyEnded(world.read());
    world.write(ofAgent);
    expect(answerOf(await run(world, whoami))).toMatchObject({ Arn: loginArn });
    const ofCli = world.read();
    expect(ofCli.refreshToken).not.toBe(ofAgent.refreshToken);
    expect(world.sandbox.calls.count("CreateOAuth2Token", "ok")).toBe(2);

    await world.client.refresh("console");
    const { AccessKeyId } = await world.client.credentials("console");
    expect(AccessKeyId).toBe(ofCli.accessToken.accessKeyId);
    await world.client.refresh("console");
    expect(world.sandbox.calls.count("CreateOAuth2Token", "ok")).toBe(3);
    expect(world.read().refreshToken).not.toBe(ofCli.refreshToken);
  });
});
