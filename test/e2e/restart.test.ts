import { describe, expect, it } from "vitest";
import { childrenOf, untilGone } from "../support/processes.ts";
import { createWorld } from "../support/world.ts";

describe("an agent", () => {
  it("goes on when nobody reads its log any more", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    agent.closeLog();
    await world.client.credentials("deploy");
    await world.client.refresh("deploy");
    expect((await world.client.status()).pid).toBe(agent.pid);
  });

  it("leaves no issuer behind, however it ends", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    await world.client.credentials("deploy");
    const children = childrenOf(agent.pid);
    expect(children).toHaveLength(1);
    await agent.end("SIGKILL");
    await untilGone(children);
  });
});
