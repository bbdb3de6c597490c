import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { killUnderLoad } from "../support/killing.ts";
import { socketFiles } from "../support/starts.ts";
import { createWorld } from "../support/world.ts";

/** A client that has nothing waits three seconds for an agent; the start of one takes more on a machine that is too busy. */
const slowMs = 2500;
const coldClients = 10;

describe("R9: an agent that is killed and started again fails no request of its clients, and nothing is cleaned up by hand", () => {
  it("ten times under fifty clients", async () => {
    const world = await createWorld();
    const { warm, cold, starts } = await killUnderLoad(world, {
      kills: 10,
      warm: 40,
      cold: coldClients,
      untilKill: async (kill) => {
        await world.client.credentials("deploy");
        await sleep(60 * (kill % 5));
      },
    });
    expect(warm.failures).toEqual([]);
    expect(cold.failures.filter((failure) => !failure.includes("no agent is running"))).toEqual([]);
    const inVain = starts.reduce((sum, ms) => sum + Math.floor(ms / slowMs) * coldClients, 0);
    expect(cold.failures.length).toBeLessThanOrEqual(inVain);
    expect(warm.ok).toBeGreaterThan(100);
    expect(cold.ok).toBeGreaterThan(10);
    expect(socketFiles(world)).toEqual(["agent.sock"]);
  });
});
