import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { killUnderLoad } from "../support/killing.ts";
import { quantile } from "../support/outages.ts";
import { socketFiles } from "../support/starts.ts";
import { createWorld } from "../support/world.ts";

const kills = 50;
const mostStartMs = 500;

describe("R9: an agent that is killed at random moments under a hundred clients, fifty times", () => {
  it("fails no request, is there again within 500 ms of the median start, and nothing is cleaned up by hand", async () => {
    const world = await createWorld();
    const { warm, cold, starts } = await killUnderLoad(world, {
      kills,
      warm: 80,
      cold: 20,
      // From one that has just begun to serve to one that has for long.
      untilKill: async () => sleep(2000 * Math.random()),
    });
    const [median, slowest] = [quantile(starts, 0.5), quantile(starts, 1)];
    console.log(
      `${warm.ok + cold.ok} requests, ${warm.failures.length + cold.failures.length} failed; ${kills} starts: median ${median.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms`,
    );
    expect([...warm.failures, ...cold.failures]).toEqual([]);
    expect(median).toBeLessThan(mostStartMs);
    expect(socketFiles(world)).toEqual(["agent.sock"]);
  });
});
