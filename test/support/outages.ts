import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, Sandbox } from "@role-agent/sandbox";
import type { World } from "./world.ts";

/** How STS can fail. */
export const outages = {
  refused: undefined,
  hung: { kind: "hang" },
  "503": { kind: "status", status: 503 },
  throttled: { kind: "throttle" },
  garbage: { kind: "garbage" },
} as const satisfies Readonly<Record<string, Fault | undefined>>;

export type OutageName = keyof typeof outages;

export const outageNames: readonly OutageName[] = ["refused", "hung", "503", "throttled", "garbage"];

/** From now on AWS fails in this way; answers what ends that. */
export async function beginOutage(sandbox: Sandbox, name: OutageName): Promise<() => Promise<void>> {
  const fault = outages[name];
  if (fault === undefined) {
    await sandbox.pause();
    return async () => sandbox.resume();
  }
  const end = sandbox.fault("*", fault);
  return async () => end();
}

/** What a client saw that asked again and again. */
export interface Asked {
  /** Milliseconds that each answer took, in the order of their size. */
  readonly latencies: readonly number[];
  readonly failures: readonly string[];
}

/** Asks again and again until then, by `performance.now()`, as one client that connects anew each time. */
export async function askUntil(world: World, end: number, pauseMs = 10): Promise<Asked> {
  const latencies: number[] = [];
  const failures: string[] = [];
  while (performance.now() < end) {
    const start = performance.now();
    try {
      const { Expiration } = await world.client.credentials("deploy");
      // A whole second, cut off.
      if (Date.parse(Expiration) + 1000 <= world.sandbox.clock.now()) failures.push("expired keys");
    } catch (error) {
      failures.push(String(error));
    }
    latencies.push(performance.now() - start);
    await sleep(pauseMs);
  }
  return { latencies: latencies.toSorted((a, b) => a - b), failures };
}

/** The value that a share of the sorted ones is not above. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Asks again and again until it is served; answers how many milliseconds that took. */
export async function msUntilServed(world: World): Promise<number> {
  const start = performance.now();
  while ((await world.client.credentials("deploy").catch(() => undefined)) === undefined) await sleep(10);
  return performance.now() - start;
}
