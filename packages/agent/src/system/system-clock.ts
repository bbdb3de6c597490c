import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";

/** So that moments mean the same to the next process, it counts from a start that all of the machine share. */
const processStartMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The clocks and the randomness of this machine. */
export const systemClock: Clock = {
  now: () => ({ wall: Date.now(), mono: processStartMs + performance.now() }),
  random: () => Math.random(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  },
};
