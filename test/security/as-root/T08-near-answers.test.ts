import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AgentProcess } from "../../support/agent-process.ts";
import { endpoint, endpointsOf } from "../../support/endpoints.ts";
import { createWorld, deployConfig } from "../../support/world.ts";
import { hopsOf } from "./hops-of.ts";
import { requireRoot } from "./other-user.ts";

/** How far an answer on a new connection to an endpoint would go. */
async function reach(agent: AgentProcess, address = ""): Promise<number> {
  const [host, port] = address.split(":");
  const client = connect(Number(port), host);
  onTestFinished(() => void client.destroy());
  await once(client, "connect");
  const { localPort = 0 } = client;
  for (;;) {
    const hops = hopsOf(agent.pid, Number(port), localPort);
    if (hops !== undefined) return hops;
    // It has not accepted yet.
    await sleep(10);
  }
}

describe("T8: answers of endpoints that give credentials pass no router, whoever has them sent through one", () => {
  it("have an IP TTL of 1, unlike those of metrics", async () => {
    requireRoot();
    const world = await createWorld();
    world.configure(
      deployConfig +
        endpoint("container", "127.0.0.1:0", "deploy") +
        endpoint("imds", "127.0.0.1:0", "deploy") +
        '[[endpoints]]\ntype = "metrics"\nlisten = "127.0.0.1:0"\n',
    );
    const agent = await world.startAgent();
    const [container, imds, metrics] = await endpointsOf(world, 3);
    expect(await reach(agent, container?.address)).toBe(1);
    expect(await reach(agent, imds?.address)).toBe(1);
    expect(await reach(agent, metrics?.address)).toBeGreaterThan(1);
  });
});
