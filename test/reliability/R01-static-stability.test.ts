import { describe, expect, it } from "vitest";
import { askUntil, beginOutage, outageNames, quantile, type OutageName } from "../support/outages.ts";
import { createWorld, type World } from "../support/world.ts";

const sessionSeconds = 5;

/** When the session that an agent has just obtained ends, by `performance.now()`. */
async function endOfSession(world: World): Promise<number> {
  const { Expiration } = await world.client.credentials("deploy");
  return performance.now() + Date.parse(Expiration) - world.sandbox.clock.now();
}

/** Clients before an outage, and in it from before the renewal to the end of the session. */
async function restOfSession(
  name: OutageName,
): Promise<{ name: string; failures: readonly string[]; before: number; during: number }> {
  const world = await createWorld({ sessionSeconds });
  await world.startAgent();
  const end = await endOfSession(world);
  const before = await askUntil(world, performance.now() + 1000);
  await beginOutage(world.sandbox, name);
  const during = await askUntil(world, end - 300);
  expect(during.latencies.length).toBeGreaterThan(5);
  return {
    name,
    failures: [...before.failures, ...during.failures],
    before: quantile(before.latencies, 0.5),
    during: quantile(during.latencies, 0.5),
  };
}

describe("R1: while STS can't be reached, clients are served as ever for as long as the session lives", () => {
  it("for all the rest of a session, and no slower, whichever way STS fails", async () => {
    const results = await Promise.all(outageNames.map(restOfSession));
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    // Half of the answers: what the busiest moments of a machine do to the slowest is test/soak's.
    for (const { during, before } of results) expect(during).toBeLessThan(2 * before + 5);
  });

  it("for more than a third of a session that begins when the first one is about to end: it was renewed long before", async () => {
    const world = await createWorld({ sessionSeconds });
    await world.startAgent();
    const end = await endOfSession(world);
    const before = await askUntil(world, end - 1000);
    await beginOutage(world.sandbox, "503");
    // The first session is over by then, and a second older than its Expiration says.
    const during = await askUntil(world, end + 1200);
    expect([...before.failures, ...during.failures]).toEqual([]);
  });
});
