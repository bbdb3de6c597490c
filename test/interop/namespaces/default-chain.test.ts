import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { endpoint, endpointsOf, roleOf } from "../../support/endpoints.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { createNamespaceWorld, type NamespaceWorld } from "../support/namespace-world.ts";
import { createNamespace, inside, type Namespace } from "../support/namespace.ts";
import { startSdkClient, type Failure, type Identity, type SdkClient } from "../support/sdk-client.ts";
import { namespaceClients as clients } from "./clients.ts";

/** Those that ask IMDS for the region where no variable names it. */
const takeRegionFromImds: ReadonlySet<string> = new Set(["AWS CLI v2"]);

/** Those that are older than EKS Pod Identity, and refuse its address: AWS CLI v2 before 2.14. */
const refusePodIdentity: ReadonlySet<string> = new Set(["AWS CLI v2"]);

const deployed = { arn: sessionOf("Deploy"), accessKeyId: expect.stringMatching(/^ASIA/) };
const integrated = { arn: sessionOf("Ci"), accessKeyId: expect.stringMatching(/^ASIA/) };

/** A machine with AWS's three addresses. IMDS has a role of its own, so that no client passes by falling back to it. */
async function machine(): Promise<{ world: NamespaceWorld; namespace: Namespace }> {
  const namespace = createNamespace("169.254.169.254", "169.254.170.2", "169.254.170.23");
  const world = await createNamespaceWorld(
    endpoint("imds", "169.254.169.254:80", "ci") +
      endpoint("container", "169.254.170.2:80", "deploy") +
      endpoint("container", "169.254.170.23:80", "deploy"),
  );
  await world.startAgentIn(namespace);
  return { world, namespace };
}

/** Who a client is that was told nothing but these variables, and that the sandbox is AWS. */
async function whoIs(
  client: SdkClient,
  { world, namespace }: { world: NamespaceWorld; namespace: Namespace },
  variables: NodeJS.ProcessEnv,
): Promise<Identity | Failure> {
  const bare = { PATH: process.env["PATH"], HOME: temporaryDirectory(), AWS_ENDPOINT_URL: world.sandbox.url };
  const there = { ...client, command: inside(namespace, client.command) };
  return startSdkClient(there, { ...bare, ...variables }).whoami();
}

describe.each(clients.map((client) => [client.sdk, client] as const))("%s", (_sdk, client) => {
  it("becomes the role at the addresses that AWS has", async () => {
    const place = await machine();
    const { region } = place.world.sandbox;
    // boto3 and the AWS CLI read the second one only, all others the first.
    const regionVariables = { AWS_REGION: region, AWS_DEFAULT_REGION: region };
    const [, , podIdentity] = await endpointsOf(place.world, 3);
    const tokenFile = podIdentity === undefined ? "" : roleOf(podIdentity, "deploy").tokenFile;

    const imds = takeRegionFromImds.has(client.sdk) ? {} : regionVariables;
    expect(await whoIs(client, place, imds)).toEqual(integrated);
    if (!client.shapes.includes("container")) return;
    const relative = {
      ...regionVariables,
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v1/credentials",
      AWS_CONTAINER_AUTHORIZATION_TOKEN: readFileSync(tokenFile, "utf8"),
    };
    expect(await whoIs(client, place, relative)).toEqual(deployed);
    const full = {
      ...regionVariables,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    };
    expect(await whoIs(client, place, full)).toEqual(
      refusePodIdentity.has(client.sdk) ? { error: expect.stringMatching(/169\.254\.170\.23/) } : deployed,
    );
  });
});

function sessionOf(role: string): unknown {
  return expect.stringMatching(new RegExp(`^arn:aws:sts::444455556666:assumed-role/${role}/.`));
}
