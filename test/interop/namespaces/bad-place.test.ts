import { execFileSync } from "node:child_process";
import type { LastError } from "@role-agent/provider";
import { expect, it } from "vitest";
import { serveCommand } from "../../support/agent-process.ts";
import { endpoint, endpointsOf } from "../../support/endpoints.ts";
import { createNamespaceWorld, type NamespaceWorld } from "../support/namespace-world.ts";
import { createNamespace, inside, type Namespace } from "../support/namespace.ts";
import { relay } from "../support/relay.ts";

const address = "169.254.169.254:80";
const imds = endpoint("imds", address, "deploy");

/** What is in the way of the world's one endpoint; the agent serves its own socket nevertheless. */
async function obstacle(world: NamespaceWorld): Promise<LastError | null | undefined> {
  const [door] = await endpointsOf(world, 1);
  expect(await world.client.credentials("deploy")).toMatchObject({ Version: 1 });
  return door?.lastError;
}

async function opensByItself(world: NamespaceWorld): Promise<void> {
  const open = [{ address, lastError: null }];
  await expect.poll(() => endpointsOf(world, 1), { timeout: 10_000 }).toMatchObject(open);
}

/** Does what a hint says after its colon, as root of a namespace. */
function follow(hint: string | null | undefined, namespace: Namespace): void {
  const [, command = "false"] = /sudo (.*)$/.exec(hint ?? "") ?? [];
  const [program, ...args] = inside(namespace, ["sh", "-c", command]);
  execFileSync(program, args);
}

it("an endpoint at an address that isn't there opens as soon as the address is", async () => {
  const namespace = createNamespace();
  const world = await createNamespaceWorld(imds);
  const agent = await world.spawnAgentIn(namespace);
  const found = await obstacle(world);
  expect(found).toMatchObject({
    code: "InvalidConfiguration",
    message: `can't listen at ${address}: no interface of this machine has the address`,
    hint: "give it to one: sudo ip address add 169.254.169.254/32 dev lo",
  });
  follow(found?.hint, namespace);
  await opensByItself(world);
  expect(agent.log.match(/can't listen/g)).toHaveLength(1);
});

it("an endpoint where another agent serves opens as soon as that one ends", async () => {
  const namespace = createNamespace("169.254.169.254");
  const other = await createNamespaceWorld(imds);
  const otherAgent = await other.startAgentIn(namespace);
  const world = await createNamespaceWorld(imds);
  await world.spawnAgentIn(namespace);
  expect(await obstacle(world)).toMatchObject({
    message: `can't listen at ${address}: another program does`,
    hint: expect.stringContaining("ss -ltnp 'sport = :80'"),
  });
  await otherAgent.end();
  await opensByItself(world);
});

it("an endpoint shares no port with a server of all addresses", async () => {
  const namespace = createNamespace("169.254.169.254");
  const world = await createNamespaceWorld(imds);
  await relay(world, "0.0.0.0:80", "127.0.0.1:1", namespace);
  await world.spawnAgentIn(namespace);
  expect(await obstacle(world)).toMatchObject({
    message: `can't listen at ${address}: another program does`,
  });
});

it("an endpoint at port 80 says what gives an agent without root the right to it", async () => {
  const namespace = createNamespace("169.254.169.254");
  const world = await createNamespaceWorld(imds);
  const rights = ["--inh-caps=-net_bind_service", "--bounding-set=-net_bind_service"];
  await world.spawnAgentIn(namespace, ["setpriv", ...rights, ...serveCommand]);
  const found = await obstacle(world);
  expect(found).toMatchObject({
    message: `can't listen at ${address}: ports below 1024 are not for everybody`,
    hint: expect.stringMatching(/: sudo sysctl net\.ipv4\.ip_unprivileged_port_start=80$/),
  });
  follow(found?.hint, namespace);
  await opensByItself(world);
});
