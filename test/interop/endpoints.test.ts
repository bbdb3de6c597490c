import { readFileSync } from "node:fs";
import type { EndpointStatus } from "@role-agent/provider";
import { describe, expect, it } from "vitest";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { createRole, createWorld, type World } from "../support/world.ts";
import { startBoto3Client } from "./support/boto3-client.ts";
import { answerOf, run, type Place } from "./support/run.ts";

const deploySession = expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Deploy\/./);

type Shape = readonly [
  type: EndpointStatus["type"],
  variables: string,
  variablesOf: (door: EndpointStatus) => NodeJS.ProcessEnv,
];

/** What the documentation has a client of `deploy` set, for each type of endpoint. */
const byTokenFile: Shape = [
  "container",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI and the token's file",
  (door) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: roleOf(door, "deploy").uri,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: roleOf(door, "deploy").tokenFile,
  }),
];
const byToken: Shape = [
  "container",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI and the token",
  (door) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: roleOf(door, "deploy").uri,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: readFileSync(roleOf(door, "deploy").tokenFile, "utf8"),
  }),
];
const byImds: Shape = [
  "imds",
  "AWS_EC2_METADATA_SERVICE_ENDPOINT",
  (door) => ({ AWS_EC2_METADATA_SERVICE_ENDPOINT: roleOf(door, "deploy").uri }),
];

/** A world whose agent has one endpoint, and a client that knows nothing else of the agent. */
async function client(
  [type, , variablesOf]: Shape,
  sessionSeconds: number,
): Promise<{ world: World; place: Place }> {
  const world = await createWorld({ sessionSeconds });
  await createRole(world.sandbox, "Ci");
  world.configure(twoRoles + endpoint(type, "127.0.0.1:0", "deploy"));
  await world.startAgent();
  const [door] = await endpointsOf(world, 1);
  if (door === undefined) throw new Error("there is no endpoint");
  await allFresh(world);
  const env: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    HOME: world.home,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_ENDPOINT_URL: world.sandbox.url,
    AWS_DEFAULT_REGION: world.sandbox.region,
    ...variablesOf(door),
  };
  return { world, place: { env, home: world.home } };
}

describe.each([byTokenFile, byToken, byImds])("an endpoint of type %s, by %s", (...shape) => {
  it("makes the AWS CLI the role", async () => {
    const { world, place } = await client(shape, 3600);
    expect(answerOf(await run(place, "aws sts get-caller-identity"))).toMatchObject({ Arn: deploySession });
    expect(answerOf(await run(place, "aws sts get-caller-identity"))).toMatchObject({ Arn: deploySession });
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("gives each AWS CLI that starts the newest session, across two renewals", async () => {
    const { world, place } = await client(shape, 20);
    for (let renewals = 0; renewals < 2;) {
      const before = world.sandbox.calls.count("AssumeRole", "ok");
      expect(answerOf(await run(place, "aws sts get-caller-identity"))).toMatchObject({ Arn: deploySession });
      renewals += world.sandbox.calls.count("AssumeRole", "ok") - before;
    }
  });
});

// Not by IMDS: botocore takes what ends within 15 minutes for valid for 25 more.
describe.each([byTokenFile, byToken])("an endpoint of type %s, by %s", (...shape) => {
  it("keeps a boto3 client at work the role across two renewals", async () => {
    const { place } = await client(shape, 10);
    const boto3 = startBoto3Client(place.env);
    const keys = new Set<string>();
    while (keys.size < 3) {
      const { arn, accessKeyId } = await boto3.whoami();
      expect(arn).toEqual(deploySession);
      keys.add(accessKeyId);
    }
  });
});

describe("an endpoint and botocore", () => {
  it("tells the user why AWS refuses the role", async () => {
    const { world, place } = await client(byTokenFile, 3600);
    world.configure(
      `${twoRoles.replace("team-core", "wrong")}${endpoint("container", "127.0.0.1:0", "deploy")}`,
    );
    await world.client.reload();
    const { stderr, code } = await run(place, "aws sts get-caller-identity");
    expect(code).toBe(255);
    expect(stderr).toMatch(/AccessDenied.*trust policy/s);
  });

  it("answers the region that IMDS is asked for", async () => {
    const { world, place } = await client(byImds, 3600);
    world.configure(
      `${twoRoles.replace("external_id", 'region = "eu-west-1"\nexternal_id')}${endpoint("imds", "127.0.0.1:0", "deploy")}`,
    );
    await world.client.reload();
    const script = [
      "import os",
      "from botocore.utils import InstanceMetadataRegionFetcher as Fetcher",
      'endpoint = {"ec2_metadata_service_endpoint": os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"]}',
      "print(Fetcher(config=endpoint).retrieve_region())",
    ].join("; ");
    delete place.env["AWS_DEFAULT_REGION"];
    expect(await run(place, `python3 -c '${script}'`)).toMatchObject({ stdout: "eu-west-1\n", code: 0 });
  });
});
