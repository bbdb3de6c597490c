import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { beginOutage, msUntilServed, outageNames, type OutageName } from "../support/outages.ts";
import { createWorld, type World } from "../support/world.ts";

interface End {
  /** Answers with keys that AWS no longer takes. */
  readonly expired: number;
  readonly error: unknown;
  /** How long after the session's end the error came, at the latest. */
  readonly lateMs: number;
}

/** Asks again and again until it fails. */
async function askUntilItFails(world: World): Promise<End> {
  let expired = 0;
  let lastEnd = 0;
  for (;;) {
    try {
      const { Expiration } = await world.client.credentials("deploy");
      lastEnd = Date.parse(Expiration);
      // A whole second, cut off.
      if (lastEnd + 1000 <= world.sandbox.clock.now()) expired += 1;
    } catch (error) {
      return { expired, error, lateMs: world.sandbox.clock.now() - lastEnd };
    }
    await sleep(10);
  }
}

/** The error of a request, and the time that the quickest of ten takes. */
async function quickestError(world: World): Promise<{ error: unknown; ms: number }> {
  let quickest = Infinity;
  let error: unknown;
  for (let count = 0; count < 10; count += 1) {
    const start = performance.now();
    error = await world.client.credentials("deploy").catch((reason: unknown) => reason);
    quickest = Math.min(quickest, performance.now() - start);
  }
  return { error, ms: quickest };
}

/** So long until STS's return is noticed: five seconds, and one for a machine that does much else. */
const mostMs = 6000;

async function outageThroughTheEnd(name: OutageName): Promise<void> {
  const world = await createWorld({ sessionSeconds: 4 });
  await world.startAgent();
  await world.client.credentials("deploy");
  const end = await beginOutage(world.sandbox, name);
  const { expired, error, lateMs } = await askUntilItFails(world);
  expect({ name, expired }).toEqual({ name, expired: 0 });
  expect(error).toMatchObject({ code: "SourceUnavailable" });
  expect(lateMs).toBeLessThan(mostMs);
  const standing = await quickestError(world);
  expect(standing.ms).toBeLessThan(100);
  expect(standing.error).toMatchObject({
    code: "SourceUnavailable",
    message: expect.stringMatching(/sts:AssumeRole of .*role\/Deploy: .+ \(for \d+ s; next try in \d+ s\)/s),
    retryAfterSeconds: expect.any(Number),
  });
  await end();
  expect(await msUntilServed(world)).toBeLessThan(mostMs);
}

describe("R2: after a session's true end an error comes at once, never expired keys, and STS's return is noticed in 5 s", () => {
  it("whichever way STS fails", async () => {
    const answering = outageNames.filter((name) => name !== "hung");
    await Promise.all(answering.map(outageThroughTheEnd));
  });

  it("although the next attempt hangs, and hangs on when STS is back", async () => {
    const world = await createWorld();
    await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "status", status: 500 }, { times: 1 });
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: "SourceUnavailable" });
    const end = await beginOutage(world.sandbox, "hung");
    while (world.sandbox.calls.count("AssumeRole") < 2) await sleep(20);
    const { error, ms } = await quickestError(world);
    expect(error).toMatchObject({ message: expect.stringContaining("InternalFailure") });
    expect(ms).toBeLessThan(100);
    await end();
    expect(await msUntilServed(world)).toBeLessThan(mostMs);
  });

  it("where an agent has just been started", async () => {
    const world = await createWorld();
    await world.sandbox.pause();
    await world.startAgent();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: "SourceUnavailable" });
    await world.sandbox.resume();
    expect(await msUntilServed(world)).toBeLessThan(mostMs);
  });
});
