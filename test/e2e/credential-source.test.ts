import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startMetadataServer, type MetadataServer } from "../support/metadata-server.ts";
import { createRole, createWorld, deployArn, deployConfig, type World } from "../support/world.ts";

const instanceArn = "arn:aws:iam::444455556666:role/Instance";

/** A machine whose only credentials are those that something around it gives; Deploy trusts their role. */
async function machine(
  source: string,
  sessionSeconds: number,
): Promise<{ world: World; around: MetadataServer }> {
  const world = await createWorld({ sessionSeconds });
  await createRole(world.sandbox, "Instance");
  await createRole(world.sandbox, "Deploy2", ["sts:AssumeRole"], instanceArn);
  const around = await startMetadataServer(world.sandbox, instanceArn);
  world.configure(
    deployConfig.replace(deployArn, `${deployArn}2`).replace('source_profile = "sandbox"', source),
  );
  delete world.env["AWS_EC2_METADATA_DISABLED"];
  world.env["AWS_ENDPOINT_URL"] = world.sandbox.url;
  return { world, around };
}

/** Asks until the role has been renewed so many times. */
async function renewals(world: World, count: number): Promise<void> {
  const keys = new Set<string>();
  while (keys.size <= count) {
    keys.add((await world.client.credentials("deploy")).AccessKeyId);
    await sleep(50);
  }
}

describe("a role assumed with what a container is given", () => {
  it("is renewed with newly fetched credentials each time", async () => {
    const { world, around } = await machine('credential_source = "EcsContainer"', 2);
    world.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = `${around.url}/credentials`;
    world.env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = around.token;
    await world.startAgent();
    await renewals(world, 2);
    expect(around.given()).toBeGreaterThanOrEqual(3);
  });

  it("reads the token's file anew, since it is replaced", async () => {
    const { world, around } = await machine('credential_source = "EcsContainer"', 2);
    const file = join(world.home, "token");
    writeFileSync(file, "an old token");
    world.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = `${around.url}/credentials`;
    world.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file;
    await world.startAgent();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: "SourceUnavailable" });
    writeFileSync(file, around.token);
    await world.client.refresh("deploy");
  });

  it("says which variable is missing outside a container", async () => {
    const { world } = await machine('credential_source = "EcsContainer"', 60);
    await world.startAgent();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      hint: expect.stringContaining("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    });
  });
});

describe("a role assumed with what an instance is given", () => {
  it("is renewed with newly fetched credentials each time", async () => {
    const { world, around } = await machine('credential_source = "Ec2InstanceMetadata"', 2);
    world.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = around.url;
    await world.startAgent();
    await renewals(world, 2);
    expect(around.given()).toBeGreaterThanOrEqual(3);
  });

  it("is unavailable while the instance's metadata service is", async () => {
    const { world } = await machine('credential_source = "Ec2InstanceMetadata"', 60);
    world.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:9";
    await world.startAgent();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: "SourceUnavailable" });
  });
});

describe("a role assumed with the agent's own environment", () => {
  it("says which variables are missing", async () => {
    const { world } = await machine('credential_source = "Environment"', 60);
    await world.startAgent();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      hint: expect.stringContaining("AWS_ACCESS_KEY_ID"),
    });
  });
});
