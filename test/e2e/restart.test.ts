import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { childrenOf, untilGone } from "../support/processes.ts";
import { createWorld } from "../support/world.ts";

describe("an agent that is told to stop", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "by %s answers what is under way, removes its socket and ends with 0",
    async (signal) => {
      const world = await createWorld();
      const agent = await world.startAgent();
      world.sandbox.fault("AssumeRole", { kind: "latency", ms: 500 });
      const pending = world.client.credentials("deploy");
      while (
        world.sandbox.calls.count("AssumeRole") === 0 &&
        (await world.client.status()).roles[0]?.state !== "renewing"
      );
      agent.signal(signal);
      expect((await pending).AccessKeyId).toMatch(/^ASIA/);
      expect(await agent.exited()).toBe(0);
      expect(readdirSync(dirname(world.socketPath))).toEqual([]);
    },
  );

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
