import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { twoRoles, whoIs } from "../support/endpoints.ts";
import { ShiftedClocks } from "../support/shifted-clock.ts";
import { createRole, createWorld, deployConfig, type World } from "../support/world.ts";

const minuteMs = 60_000;
const roles = ["deploy", "ci"] as const;

/** Of a person, or of a time server: AWS's clock stays where it is. Each comes after the one before. */
const jumps: readonly (readonly [name: string, set: (clocks: ShiftedClocks) => void])[] = [
  ["five minutes forward", (clocks) => clocks.setWallBy(5 * minuteMs)],
  ["five minutes back", (clocks) => clocks.setWallBy(-5 * minuteMs)],
  ["two hours forward", (clocks) => clocks.setWallBy(120 * minuteMs)],
  ["two hours back", (clocks) => clocks.setWallBy(-120 * minuteMs)],
  ["to 2038, past the end of 32 bits", (clocks) => clocks.setWall("2038-01-19T03:14:08Z")],
  ["to 1970", (clocks) => clocks.setWall("1970-01-01T00:00:01Z")],
];

/** Asks for both roles for as long as the agent needs to notice; AWS must accept whatever it gives. */
async function askForAWhile(world: World): Promise<number> {
  const seen = new Set<string>();
  let slowestMs = 0;
  for (const start = performance.now(); performance.now() - start < 1300; await sleep(50)) {
    for (const role of roles) {
      const asked = performance.now();
      const { AccessKeyId, SecretAccessKey, SessionToken } = await world.client.credentials(role);
      slowestMs = Math.max(slowestMs, performance.now() - asked);
      if (seen.has(AccessKeyId)) continue;
      seen.add(AccessKeyId);
      await whoIs(world, {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      });
    }
  }
  return slowestMs;
}

describe("R13: however the machine's clock is set, it costs one call for each role at most, and nobody is given ended keys", () => {
  it("while AWS's clock goes on as before", async () => {
    const world = await createWorld({ sessionSeconds: 3600 });
    await createRole(world.sandbox, "Ci");
    world.configure(twoRoles);
    const clocks = new ShiftedClocks(world);
    await clocks.startAgent();
    await askForAWhile(world);
    const { calls } = world.sandbox;
    for (const [name, set] of jumps) {
      calls.clear();
      set(clocks);
      expect(await askForAWhile(world), name).toBeLessThan(5000);
      expect(calls.count("AssumeRole"), name).toBeLessThanOrEqual(roles.length);
      // Requests are signed by AWS's clock, so that it refuses none.
      await world.client.refresh("deploy");
      expect(calls.count("AssumeRole"), name).toBe(calls.count("AssumeRole", "ok"));
    }
  });

  it("also where it is set back, which would have a session end later than AWS ends it", async () => {
    const world = await createWorld({ sessionSeconds: 3 });
    const clocks = new ShiftedClocks(world);
    await clocks.startAgent();
    const { Expiration } = await world.client.credentials("deploy");
    await world.sandbox.pause();
    clocks.setWallBy(-120 * minuteMs);
    for (;;) {
      const answer = await world.client.credentials("deploy").catch((error: unknown) => error);
      const isOver = Date.parse(Expiration) + 1000 <= world.sandbox.clock.now();
      if (isOver) {
        expect(answer).toMatchObject({ code: "SourceUnavailable" });
        return;
      }
      await sleep(20);
    }
  });

  it.each(["1970-01-01T00:00:01Z", "2038-01-19T03:14:08Z"])(
    "also from the start: with a clock that stands at %s, AWS refuses one request, and no other",
    async (time) => {
      const world = await createWorld();
      world.configure(deployConfig);
      const clocks = new ShiftedClocks(world);
      clocks.setWall(time);
      await clocks.startAgent();
      await world.client.credentials("deploy");
      await world.client.refresh("deploy");
      const outcomes = world.sandbox.calls.entries.flatMap(({ action, outcome }) =>
        action === "AssumeRole" ? [outcome] : [],
      );
      expect(outcomes).toEqual(["SignatureDoesNotMatch", "ok", "ok"]);
    },
  );
});
