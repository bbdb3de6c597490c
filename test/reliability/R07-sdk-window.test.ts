import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { remaining } from "../../packages/agent/src/core/session.ts";
import { KeeperFleet } from "../support/keeper-fleet.ts";
import { createWorld } from "../support/world.ts";

const second = 1000;
const minute = 60 * second;

describe("R7: while STS is healthy, who asks is given more than the five minutes in which SDKs renew by themselves", () => {
  it("whenever clients ask, however many roles there are, and whatever session of 15 minutes or more", async () => {
    const property = fc.asyncProperty(
      fc.oneof(fc.constant(900), fc.integer({ min: 900, max: 3600 })),
      fc.constantFrom(1, 2, 200),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 30, maxLength: 60 }),
      async (lifetimeSeconds, roles, pauses) => {
        const fleet = new KeeperFleet({ roles, lifetimeMs: lifetimeSeconds * second });
        fleet.tend();
        for (const pause of pauses) {
          await fleet.clock.advance(pause * second);
          for (const keeper of fleet.keepers) {
            const left = remaining(await keeper.session(), fleet.clock.now());
            expect(left).toBeGreaterThan(5 * minute);
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 20, seed: 7 });
  });

  it("in a real agent, a hundred and twelve times as fast: a session of eight seconds, more than 2.7 left", async () => {
    const world = await createWorld({ sessionSeconds: 8 });
    await world.startAgent();
    const { calls, clock } = world.sandbox;
    let least = Infinity;
    while (calls.count("AssumeRole") < 2) {
      const { Expiration } = await world.client.credentials("deploy");
      // A whole second, cut off.
      least = Math.min(least, Date.parse(Expiration) + second - clock.now());
      await sleep(20);
    }
    expect(least).toBeLessThan(6 * second);
    expect(least).toBeGreaterThan(8 * second * (5 / 15));
  });
});
