import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  fromContainerMetadata,
  fromHttp,
  fromInstanceMetadata,
  fromNodeProviderChain,
} from "@aws-sdk/credential-providers";
import type { AwsCredentialIdentityProvider } from "@smithy/types";
import { afterEach, describe, expect, it, vi } from "vitest";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles, whoIs } from "../support/endpoints.ts";
import { createRole, createWorld, type World } from "../support/world.ts";

afterEach(() => void vi.unstubAllEnvs());

const deploySession = expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Deploy\//);

/** A world whose agent serves `deploy` and `ci` through an endpoint of either kind. */
async function served(sessionSeconds: number): Promise<World> {
  const world = await createWorld({ sessionSeconds });
  await createRole(world.sandbox, "Ci");
  world.configure(
    twoRoles +
      endpoint("container", "127.0.0.1:0", "deploy", "ci") +
      endpoint("imds", "127.0.0.1:0", "deploy"),
  );
  await world.startAgent();
  return world;
}

/** Gives this process nothing but what the documentation says for a client of `deploy`. */
async function clientEnvironment(world: World): Promise<{ uri: string; token: string; imds: string }> {
  const [container, imds] = await endpointsOf(world, 2);
  // Most clients here try once.
  await allFresh(world);
  if (container === undefined || imds === undefined) throw new Error("an endpoint is missing");
  const { uri, tokenFile } = roleOf(container, "deploy");
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  return { uri, token: readFileSync(tokenFile, "utf8"), imds: roleOf(imds, "deploy").uri };
}

/** Asks until two renewals were seen; every key must be the role's, and accepted. */
async function acrossTwoRenewals(world: World, provider: () => AwsCredentialIdentityProvider): Promise<void> {
  const keys = new Set<string>();
  while (keys.size < 3) {
    const credentials = await provider()();
    if (!keys.has(credentials.accessKeyId)) expect(await whoIs(world, credentials)).toEqual(deploySession);
    keys.add(credentials.accessKeyId);
    await sleep(100);
  }
}

describe("a container endpoint", () => {
  it("keeps fromHttp the role, with the token's file", async () => {
    const world = await served(2);
    const { uri } = await clientEnvironment(world);
    const [container] = await endpointsOf(world, 2);
    const tokenFile = container === undefined ? "" : roleOf(container, "deploy").tokenFile;
    await acrossTwoRenewals(world, () =>
      fromHttp({ awsContainerCredentialsFullUri: uri, awsContainerAuthorizationTokenFile: tokenFile }),
    );
  });

  it("keeps fromContainerMetadata and the default chain the role, by the two documented variables", async () => {
    const world = await served(2);
    const { uri, token } = await clientEnvironment(world);
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri);
    vi.stubEnv("AWS_CONTAINER_AUTHORIZATION_TOKEN", token);
    await acrossTwoRenewals(world, () => fromContainerMetadata());
    await acrossTwoRenewals(world, () => fromNodeProviderChain());
  });

  it("gives a client with a wrong token nothing", async () => {
    const world = await served(60);
    const { uri, token } = await clientEnvironment(world);
    const provider = fromHttp({
      awsContainerCredentialsFullUri: uri,
      awsContainerAuthorizationToken: token.toLowerCase(),
      maxRetries: 0,
    });
    await expect(provider()).rejects.toMatchObject({ Code: "Unauthorized" });
  });

  it("has the roles fresh before anybody asks, with one call each", async () => {
    const world = await served(60);
    const { uri, token } = await clientEnvironment(world);
    await fromHttp({ awsContainerCredentialsFullUri: uri, awsContainerAuthorizationToken: token })();
    expect(world.sandbox.calls.count("AssumeRole")).toBe(2);
  });
});

describe("an IMDS endpoint", () => {
  it("keeps fromInstanceMetadata and the default chain the role, without any token of the user's", async () => {
    const world = await served(2);
    const { imds } = await clientEnvironment(world);
    vi.stubEnv("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds);
    await acrossTwoRenewals(world, () => fromInstanceMetadata());
    await acrossTwoRenewals(world, () => fromNodeProviderChain());
  });
});
