import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { createRole, createWorld, type World } from "../support/world.ts";
import { compiledClients } from "./support/compiled-clients.ts";
import { addProcessProfile } from "./support/profile.ts";
import { startRecorder } from "./support/recorder.ts";
import { startSdkClient, type Shape } from "./support/sdk-client.ts";

const deploySession = expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Deploy\/./);

/** What users get to see of an endpoint's 401. */
const toldOf401: Readonly<Record<string, string>> = {
  "AWS SDK for Go v2": "Unauthorized: the token is not one of this endpoint's",
  "AWS SDK for Go v1": "NoCredentialProviders: no valid providers in chain",
  "Terraform's AWS provider (aws-sdk-go-base)": "No valid credential sources found",
  "AWS SDK for Java v2": "ContainerCredentialsProvider(): Failed to load credentials from metadata service.",
  "AWS SDK for Rust": "Non-success status from HTTP credential provider: StatusCode(401)",
};

/** A machine with an agent, the environment of a client there, and what that client asks of the endpoint. */
interface Machine {
  readonly world: World;
  readonly env: NodeJS.ProcessEnv;
  readonly requests: readonly string[];
}

const machines: Record<Exclude<Shape, "socket">, () => Promise<Machine>> = {
  async container() {
    const { world, origin, tokenFile } = await agentWith("container");
    const { url, requests } = await startRecorder(origin);
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: readFileSync(tokenFile, "utf8"),
    };
    return { world, env: { ...clean(world), ...env }, requests };
  },
  async imds() {
    const { world, origin } = await agentWith("imds");
    const { url, requests } = await startRecorder(origin);
    return { world, env: { ...clean(world), AWS_EC2_METADATA_SERVICE_ENDPOINT: url }, requests };
  },
  async process() {
    const world = await createWorld();
    await world.startAgent();
    // Without quotes: version 1 of the SDK for Go takes none around a part of the line.
    addProcessProfile(world, "app", `${roleAgentProgram} credentials deploy`);
    const { AWS_CONFIG_FILE, XDG_RUNTIME_DIR } = world.env;
    const env = { ...clean(world), AWS_CONFIG_FILE, XDG_RUNTIME_DIR, AWS_PROFILE: "app" };
    return { world, env, requests: [] };
  },
};

async function agentWith(
  type: "container" | "imds",
): Promise<{ world: World; origin: string; tokenFile: string }> {
  const world = await createWorld();
  await createRole(world.sandbox, "Ci");
  world.configure(twoRoles + endpoint(type, "127.0.0.1:0", "deploy"));
  await world.startAgent();
  const [door] = await endpointsOf(world, 1);
  if (door === undefined) throw new Error("there is no endpoint");
  await allFresh(world);
  const { uri, tokenFile } = roleOf(door, "deploy");
  return { world, origin: new URL(uri).origin, tokenFile };
}

/** What a program has in its environment that knows of AWS, and of no credentials. */
function clean({ sandbox, home }: World): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: home,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_REGION: sandbox.region,
    AWS_DEFAULT_REGION: sandbox.region,
  };
}

describe.each(compiledClients)("$sdk", (client) => {
  it.each(client.shapes.filter((shape) => shape !== "socket"))(
    "is the role by %s, and asks no more than once",
    async (shape) => {
      const { world, env, requests } = await machines[shape]();
      const program = startSdkClient(client, env);
      const first = await program.whoami();
      expect(first).toEqual({ arn: deploySession, accessKeyId: expect.stringMatching(/^ASIA/) });
      const asked = [...requests];
      expect(await program.whoami()).toEqual(first);
      expect(requests).toEqual(asked);
      expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
    },
  );
});

describe.each(compiledClients.filter(({ shapes }) => shapes.includes("container")))("$sdk", (client) => {
  it("is told once that its token is wrong, and tells its user", async () => {
    const { env, requests } = await machines.container();
    const program = startSdkClient(client, { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: "wrong" });
    const text = toldOf401[client.sdk] ?? "an entry in toldOf401";
    expect(await program.whoami()).toEqual({ error: expect.stringContaining(text) });
    expect(requests).toEqual(["GET /v1/credentials 401"]);
  });
});
