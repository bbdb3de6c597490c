import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createWorld, type World } from "../support/world.ts";

/** Asks again and again until it fails. */
async function askUntilItFails(world: World): Promise<{ served: number; ended: number; error: unknown }> {
  let ended = 0;
  for (let served = 0; ; served += 1) {
    try {
      const { Expiration } = await world.client.credentials("deploy");
      if (Date.parse(Expiration) + 1000 <= world.sandbox.clock.now()) ended += 1;
    } catch (error) {
      return { served, ended, error };
    }
    await sleep(20);
  }
}

/** Asks again and again until it is served; answers how often it failed before. */
async function askUntilServed(world: World): Promise<number> {
  for (let failed = 0; ; failed += 1) {
    const isServed = await world.client.credentials("deploy").then(
      () => true,
      () => false,
    );
    if (isServed) return failed;
    await sleep(20);
  }
}

describe("while STS can't be reached", () => {
  it("clients are served until the session ends and never after; then all is well again without a restart", async () => {
    const world = await createWorld({ sessionSeconds: 5 });
    await world.startAgent();
    await world.client.credentials("deploy");
    await world.sandbox.pause();
    const outage = await askUntilItFails(world);
    expect(outage.served).toBeGreaterThan(20);
    expect(outage.ended).toBe(0);
    expect(outage.error).toMatchObject({
      code: "SourceUnavailable",
      message: expect.stringContaining("refused"),
    });
    await world.sandbox.resume();
    await askUntilServed(world);
  });

  it("the error is there at once, although the next attempt hangs", async () => {
    const world = await createWorld();
    await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "status", status: 500 }, { times: 1 });
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: "SourceUnavailable" });
    world.sandbox.fault("AssumeRole", { kind: "hang" });
    while (world.sandbox.calls.count("AssumeRole") < 2) await sleep(20);
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({
      message: expect.stringContaining("InternalFailure"),
    });
  });

  it("an agent that starts answers with a typed error, and serves as soon as STS is back", async () => {
    const world = await createWorld();
    await world.sandbox.pause();
    await world.startAgent();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: "SourceUnavailable" });
    await world.sandbox.resume();
    await askUntilServed(world);
  });
});
