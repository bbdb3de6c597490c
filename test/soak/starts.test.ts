import { describe, expect, it } from "vitest";
import { serveTogether, socketFiles } from "../support/starts.ts";
import { createWorld } from "../support/world.ts";

const starts = 100;

describe("R10: a hundred agents that are started together", () => {
  it("are one that serves and ninety-nine that say so and end with 0", async () => {
    const world = await createWorld();
    const before = performance.now();
    const agents = await serveTogether(world, starts);
    const serving = agents.filter(({ code }) => code === "serves");
    const others = agents.filter(({ code }) => code !== "serves");
    console.log(
      `${starts} starts, ${serving.length} serving after ${Math.round(performance.now() - before)} ms`,
    );
    expect(serving).toHaveLength(1);
    expect((await world.client.status()).pid).toBe(serving[0]?.pid);
    for (const { code, log } of others) {
      expect({ code, log }).toEqual({
        code: 0,
        log: expect.stringContaining("another agent already serves"),
      });
    }
    expect(socketFiles(world)).toEqual(["agent.sock"]);
  });
});
