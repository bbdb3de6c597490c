import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeeperFleet } from "../support/keeper-fleet.ts";
import { createWorld } from "../support/world.ts";

const second = 1000;
const minute = 60 * second;

describe("R6: a session of 15 minutes costs one call of STS in five minutes at most", () => {
  it("whenever clients ask, and whatever session is longer", async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 900, max: 3600 }),
      fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 10 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      async (lifetimeSeconds, pauses, random) => {
        const fleet = new KeeperFleet({ roles: 1, lifetimeMs: lifetimeSeconds * second });
        fleet.clock.random = () => random;
        fleet.tend();
        for (const pause of pauses) {
          await fleet.clock.advance(pause * second);
          await fleet.load();
        }
        const { calls } = fleet;
        const gaps = calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
        expect(Math.min(...gaps, Infinity)).toBeGreaterThanOrEqual(5 * minute);
      },
    );
    await fc.assert(property, { numRuns: 20, seed: 6 });
  });

  it("in a real agent, a hundred and fifty times as fast: a session of six seconds, one call in two", async () => {
    const world = await createWorld({ sessionSeconds: 6 });
    await world.startAgent();
    const { calls } = world.sandbox;
    while (calls.count("AssumeRole") < 3) {
      await world.client.credentials("deploy");
      await sleep(20);
    }
    const [first, next, last] = calls.entries
      .filter(({ action }) => action === "AssumeRole")
      .map(({ at }) => at);
    expect((next ?? 0) - (first ?? 0)).toBeGreaterThan(2 * second);
    expect((last ?? 0) - (next ?? 0)).toBeGreaterThan(2 * second);
  });
});
