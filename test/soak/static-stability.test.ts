import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  askUntil,
  beginOutage,
  msUntilServed,
  outageNames,
  quantile,
  type OutageName,
} from "../support/outages.ts";
import { createWorld } from "../support/world.ts";

/** As long as a session of an hour is for R1, sixty times as fast. */
const sessionSeconds = 60;
/** How many clients ask at once. */
const clients = 4;
/** Between the answers of a client. */
const pauseMs = 5;
const mostSlowdown = 1.2;
/** Where p99 is a millisecond or two, a fifth of it is less than what the machine's own work adds. */
const noiseMs = 0.5;
const controlMs = 20_000;

async function askTogether(
  world: Parameters<typeof askUntil>[0],
  end: number,
): Promise<{ p99: number; count: number; failures: readonly string[] }> {
  const asked = await Promise.all(Array.from({ length: clients }, async () => askUntil(world, end, pauseMs)));
  const latencies = asked.flatMap((each) => each.latencies).toSorted((a, b) => a - b);
  return {
    p99: quantile(latencies, 0.99),
    count: latencies.length,
    failures: asked.flatMap((each) => each.failures),
  };
}

/** An outage from before the renewal of a session to its end, and a while longer. */
async function outage(name: OutageName): Promise<{
  before: number;
  during: number;
  after: number;
  requests: number;
  failures: readonly string[];
  recoveryMs: number;
}> {
  const world = await createWorld({ sessionSeconds });
  await world.startAgent();
  const { Expiration } = await world.client.credentials("deploy");
  const end = performance.now() + Date.parse(Expiration) - world.sandbox.clock.now();
  const warmUp = performance.now() + 3000;
  await askTogether(world, warmUp);
  const before = await askTogether(world, warmUp + controlMs);
  const resume = await beginOutage(world.sandbox, name);
  const during = await askTogether(world, end - 1000);
  // Past the end, so that nothing is held any more, and a client waits.
  while ((await world.client.credentials("deploy").catch(() => undefined)) !== undefined) await sleep(20);
  const stillOut = performance.now() + 5000;
  while (performance.now() < stillOut) {
    await world.client.credentials("deploy").catch(() => undefined);
    await sleep(100);
  }
  await resume();
  const recoveryMs = Math.round(await msUntilServed(world));
  const after = await askTogether(world, performance.now() + controlMs);
  return {
    before: before.p99,
    during: during.p99,
    after: after.p99,
    requests: before.count + during.count + after.count,
    failures: [...before.failures, ...during.failures, ...after.failures],
    recoveryMs,
  };
}

describe("R1: STS out of reach for all the rest of a session", () => {
  it.each(outageNames)(
    "(%s) fails no request, slows none down, and is over within 5 s of STS's return",
    async (name) => {
      const { before, during, after, requests, failures, recoveryMs } = await outage(name);
      console.log(
        `${name}: ${requests} requests, ${failures.length} failed; p99 ${before.toFixed(2)} ms before, ${during.toFixed(2)} ms during, ${after.toFixed(2)} ms after; served ${recoveryMs} ms after STS's return`,
      );
      expect(failures).toEqual([]);
      expect(during).toBeLessThan(Math.max(before, after) * mostSlowdown + noiseMs);
      expect(recoveryMs).toBeLessThan(5000);
    },
  );
});
