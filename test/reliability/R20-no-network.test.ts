import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createWorld, type World } from "../support/world.ts";

interface FirstAnswer {
  readonly answer: unknown;
  readonly ms: number;
}

async function ask({ client }: World): Promise<FirstAnswer> {
  const start = performance.now();
  const answer: unknown = await client.credentials("deploy").catch((error: unknown) => error);
  return { answer, ms: performance.now() - start };
}

/** How long the first session takes where all is well: half a second for the first error is promised beside that. */
async function usualMs(): Promise<number> {
  const world = await createWorld();
  await world.startAgent();
  return (await ask(world)).ms;
}

describe("R20: an agent that starts without a network says within half a second what is wrong, and needs no restart", () => {
  it("when the network comes, a client that waits is served within 5 s", async () => {
    const usual = await usualMs();
    const world = await createWorld();
    await world.sandbox.pause();
    const agent = await world.startAgent();
    const first = await ask(world);
    expect(first.answer).toMatchObject({
      code: "SourceUnavailable",
      message: expect.stringContaining("refused"),
    });
    expect(first.ms).toBeLessThan(500 + 2 * usual);
    // Nobody waits for the next attempt, nor for anything but the answer.
    const again = await ask(world);
    expect(again.answer).toMatchObject({ code: "SourceUnavailable" });
    expect(again.ms).toBeLessThan(500);
    await sleep(3000);
    await world.sandbox.resume();
    const start = performance.now();
    while ((await ask(world)).answer instanceof Error && performance.now() - start < 20_000) await sleep(20);
    expect(performance.now() - start).toBeLessThan(5000);
    expect((await world.client.status()).pid).toBe(agent.pid);
  });

  it("when the network comes, a role that is prefetched has a session although nobody asks", async () => {
    const world = await createWorld();
    world.configure(
      `[agent]\nprefetch = ["deploy"]\n[roles.deploy]\nrole_arn = "arn:aws:iam::444455556666:role/Deploy"\nsource_profile = "sandbox"\nexternal_id = "team-core"\n`,
    );
    await world.sandbox.pause();
    await world.startAgent();
    while ((await world.client.status()).roles[0]?.lastError === null) await sleep(20);
    await world.sandbox.resume();
    const start = performance.now();
    while ((await world.client.status()).roles[0]?.state !== "fresh" && performance.now() - start < 20_000)
      await sleep(20);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
