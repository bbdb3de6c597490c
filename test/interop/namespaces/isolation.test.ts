import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AgentProcess } from "../../support/agent-process.ts";
import { endpoint, endpointsOf, roleOf, twoRoles } from "../../support/endpoints.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import type { CommandResult } from "../../support/world.ts";
import { cleanRoom } from "../support/clean-room.ts";
import { createNamespaceWorld, type NamespaceWorld } from "../support/namespace-world.ts";
import {
  addAddress,
  connectNamespaces,
  createNamespace,
  inside,
  ip,
  wire,
  type Namespace,
} from "../support/namespace.ts";
import { relay } from "../support/relay.ts";
import { run } from "../support/run.ts";
import { startSdkClient, type RunningClient } from "../support/sdk-client.ts";
import { namespaceClients } from "./clients.ts";

const imdsAddress = "169.254.169.254";
const rolePath = `${imdsAddress}/latest/meta-data/iam/security-credentials/deploy`;

/** The whole of the first one's role, in one request: nothing but its place keeps the second one from it. */
const openToAll = `${endpoint("imds", `${imdsAddress}:80`, "deploy")}v1 = true\n`;

/** Exit codes of curl: it could not connect, got an empty reply, or was cut. A time-out is none of them. */
const unanswered: ReadonlySet<number> = new Set([7, 52, 56]);

/** What a neighbour does on its side, and what it has curl ask for then. */
type Trick = readonly [
  name: string,
  { readonly prepare?: (second: Namespace) => void; readonly args: readonly string[] },
];

/** Two neighbours, of which the first has an agent. */
async function neighbours(endpoints: string): Promise<{
  world: NamespaceWorld;
  first: Namespace;
  second: Namespace;
  agent: AgentProcess;
}> {
  const first = createNamespace(imdsAddress, "169.254.170.23");
  const second = createNamespace();
  connectNamespaces(first, second);
  const world = await createNamespaceWorld(endpoints);
  const agent = await world.startAgentIn(first);
  return { world, first, second, agent };
}

/** What curl, told these arguments, gets in a namespace. */
async function curl(namespace: Namespace, ...args: readonly string[]): Promise<CommandResult> {
  return run(cleanRoom(), inside(namespace, ["curl", "-sS", "--max-time", "2", ...args]).join(" "));
}

/** A client of the AWS SDK for JavaScript in a namespace, that nobody has told of an agent. */
function client({ sandbox }: NamespaceWorld, namespace: Namespace): RunningClient {
  const javascript = namespaceClients.find(({ sdk }) => sdk === "AWS SDK for JavaScript v3, default chain");
  if (javascript === undefined) throw new Error("there is no client of the JavaScript SDK");
  const variables = { AWS_ENDPOINT_URL: sandbox.url, AWS_REGION: sandbox.region };
  return startSdkClient(
    { ...javascript, command: inside(namespace, javascript.command) },
    { PATH: process.env["PATH"], HOME: temporaryDirectory(), ...variables },
  );
}

describe("two neighbours, each with 169.254.169.254 and an agent of its own", () => {
  it("have each its own role, and none once its agent is gone", async () => {
    const [first, second] = [createNamespace(imdsAddress), createNamespace(imdsAddress)];
    connectNamespaces(first, second);
    const one = await createNamespaceWorld(endpoint("imds", `${imdsAddress}:80`, "deploy"));
    const other = await createNamespaceWorld(endpoint("imds", `${imdsAddress}:80`, "ci"));
    await one.startAgentIn(first);
    const otherAgent = await other.startAgentIn(second);
    expect(await Promise.all([client(one, first).whoami(), client(other, second).whoami()])).toMatchObject([
      { arn: expect.stringContaining(":assumed-role/Deploy/") },
      { arn: expect.stringContaining(":assumed-role/Ci/") },
    ]);
    await otherAgent.end();
    expect(await client(other, second).whoami()).toEqual({
      error: expect.stringContaining("Could not load credentials"),
    });
  });
});

describe("two neighbours in 169.254.169.0/24, of which one has 169.254.169.254 and an agent", () => {
  it("share its role where client_cidrs names the network", async () => {
    const [first, second] = [createNamespace(), createNamespace()];
    connectNamespaces(first, second, [imdsAddress, "169.254.169.2"]);
    const door = endpoint("imds", `${imdsAddress}:80`, "deploy");
    const world = await createNamespaceWorld(`${door}client_cidrs = ["169.254.169.0/24"]\n`);
    await world.startAgentIn(first);
    await world.bringSandboxTo(second);
    expect(await client(world, second).whoami()).toMatchObject({
      arn: expect.stringContaining(":assumed-role/Deploy/"),
    });
  });
});

describe("a neighbour of a namespace with an agent", () => {
  it.each<Trick>([
    ["by the address that AWS has", { args: [rolePath] }],
    [
      "by the first one's address on their wire",
      { args: ["--header", `Host:${imdsAddress}`, rolePath.replace(imdsAddress, wire.first)] },
    ],
    ["by a route to 169.254.169.254 through the first one", { prepare: routeThroughFirst, args: [rolePath] }],
    [
      "by that route, from a link-local address",
      {
        prepare: (second) => {
          addAddress(second, "169.254.169.253");
          routeThroughFirst(second);
        },
        args: ["--interface", "169.254.169.253", rolePath],
      },
    ],
  ])("does not reach its role %s", async (_name, { prepare, args }) => {
    const { first, second } = await neighbours(openToAll);
    // There is a way back to every address that the second one may come from.
    ip("-n", first.name, "route", "add", "default", "via", wire.second);
    expect((await curl(first, rolePath)).stdout).toContain("AccessKeyId");
    prepare?.(second);
    const { stdout, code } = await curl(second, ...args);
    expect({ stdout, isUnanswered: unanswered.has(code) }).toEqual({ stdout: "", isUnanswered: true });
  });

  it("is refused at a port that the first one forwards, as SDKs name the port's own address", async () => {
    const { world, first, second } = await neighbours(openToAll);
    await relay(world, `${wire.first}:8080`, `${imdsAddress}:80`, first);
    const { stdout } = await curl(second, rolePath.replace(imdsAddress, `${wire.first}:8080`));
    expect(JSON.parse(stdout)).toMatchObject({
      code: "InvalidRequest",
      message: expect.stringContaining("host is refused"),
    });
  });

  it("gets from a container endpoint that names its network what its token is for", async () => {
    const table = endpoint("container", "169.254.170.23:80", "deploy", "ci");
    const { world, second } = await neighbours(`${table}client_cidrs = ["192.0.2.0/24"]\n`);
    routeThroughFirst(second, "169.254.170.23");
    const [door] = await endpointsOf(world, 1);
    const token = door === undefined ? "" : readFileSync(roleOf(door, "ci").tokenFile, "utf8");
    const url = "http://169.254.170.23/v1/credentials";
    const withToken = ["--header", `Authorization:${token}`];
    expect(JSON.parse((await curl(second, url)).stdout)).toMatchObject({ code: "Unauthorized" });
    expect(JSON.parse((await curl(second, ...withToken, `${url}/deploy`)).stdout)).toMatchObject({
      code: "Unauthorized",
    });
    expect(JSON.parse((await curl(second, ...withToken, url)).stdout)).toMatchObject({
      RoleArn: "arn:aws:iam::444455556666:role/Ci",
    });
    world.configure(twoRoles + table);
    await world.client.reload();
    const cut = await curl(second, ...withToken, url);
    expect({ stdout: cut.stdout, isUnanswered: unanswered.has(cut.code) }).toEqual({
      stdout: "",
      isUnanswered: true,
    });
  });

  it("is told of in the log, once", async () => {
    const { agent, first, second } = await neighbours(openToAll);
    ip("-n", first.name, "route", "add", "default", "via", wire.second);
    routeThroughFirst(second);
    for (const _ of [1, 2]) await curl(second, rolePath);
    expect(agent.log.match(/refused .*/g)).toEqual([
      `refused ${wire.second}, which is not of this machine, nor of client_cidrs`,
    ]);
  });
});

function routeThroughFirst({ name }: Namespace, address: string = imdsAddress): void {
  ip("-n", name, "route", "add", `${address}/32`, "via", wire.first);
}
