import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cleanRoom } from "../../interop/support/clean-room.ts";
import { createNamespaceWorld } from "../../interop/support/namespace-world.ts";
import {
  connectNamespaces,
  createNamespace,
  inside,
  ip,
  wire,
  type Namespace,
} from "../../interop/support/namespace.ts";
import { run } from "../../interop/support/run.ts";
import { endpoint, endpointsOf, roleOf } from "../../support/endpoints.ts";

const imdsPath = "http://127.0.0.1:9912/latest/meta-data/iam/security-credentials/deploy";
const containerPath = "http://127.0.0.1:9911/v1/credentials";

/** As kube-proxy does, and Docker for ports that it forwards to 127.0.0.1: packets for it may come over a wire. */
function openLoopback(namespace: Namespace): void {
  const [program, ...args] = inside(namespace, ["sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1"]);
  execFileSync(program, args);
}

/** Makes 127.0.0.1 the other end of the wire, for programs of this namespace. */
function leadLoopbackTo(address: string, namespace: Namespace): void {
  openLoopback(namespace);
  ip("-n", namespace.name, "address", "delete", "127.0.0.1/8", "dev", "lo");
  ip("-n", namespace.name, "route", "add", "127.0.0.1/32", "via", address, "src", wire.second);
}

async function curl(namespace: Namespace, ...args: readonly string[]): Promise<string> {
  const command = inside(namespace, ["curl", "-s", "--max-time", "2", ...args]).join(" ");
  return (await run(cleanRoom(), command)).stdout;
}

describe("T8: a door is not reachable from further away than this machine", () => {
  it("at 127.0.0.1 even where the kernel lets neighbours come there, with the token even", async () => {
    const [first, second] = [createNamespace(), createNamespace()];
    connectNamespaces(first, second);
    const openToAll = `${endpoint("imds", "127.0.0.1:9912", "deploy")}v1 = true\n`;
    const world = await createNamespaceWorld(openToAll + endpoint("container", "127.0.0.1:9911", "ci"));
    const agent = await world.startAgentIn(first);
    openLoopback(first);
    leadLoopbackTo(wire.first, second);
    const [, container] = await endpointsOf(world, 2);
    const token = container === undefined ? "" : readFileSync(roleOf(container, "ci").tokenFile, "utf8");
    const withToken = ["--header", `Authorization:${token}`, containerPath];

    expect(await curl(first, imdsPath)).toContain("SecretAccessKey");
    expect(await curl(first, ...withToken)).toContain("SecretAccessKey");
    expect(await curl(second, imdsPath)).toBe("");
    expect(await curl(second, ...withToken)).toBe("");
    // It got there: what has refused it is the agent.
    expect(agent.log.match(/refused .*/g)).toEqual([
      `refused ${wire.second}, which is not of this machine`,
      `refused ${wire.second}, which is not of this machine`,
    ]);
  });
});
