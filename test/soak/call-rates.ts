import { setTimeout as sleep } from "node:timers/promises";
import type { CallLog } from "@role-agent/sandbox";

/** Calls of one operation of the sandbox, second by second. */
export class CallRates {
  readonly #calls: CallLog;
  readonly #action: string;
  readonly #startedAt = Date.now();
  /** How many came in each second since the start. */
  readonly #seconds: number[] = [];
  #newest = 0;

  constructor(calls: CallLog, action: string) {
    this.#calls = calls;
    this.#action = action;
  }

  /** Lets so much time pass. The sandbox remembers the newest calls only, so it is looked at every few seconds. */
  async watch(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      await sleep(Math.min(5000, end - performance.now()));
      this.#read();
    }
  }

  /** The mean and the most of one second, from so many seconds after the start on. */
  perSecond(fromSecond: number): { readonly mean: number; readonly most: number } {
    const seconds = this.#seconds.slice(fromSecond);
    const sum = seconds.reduce((total, count) => total + count, 0);
    return { mean: sum / seconds.length, most: Math.max(...seconds) };
  }

  describe(fromSecond: number): string {
    const { mean, most } = this.perSecond(fromSecond);
    const total = this.#seconds.reduce((sum, count) => sum + count, 0);
    return `${total} (mean ${mean.toFixed(1)}/s, most ${most}/s)`;
  }

  #read(): void {
    // Of the second that has begun only a part has come.
    const thisSecond = this.#secondOf(Date.now());
    for (const { action, at } of this.#calls.entries) {
      const second = this.#secondOf(at);
      if (action !== this.#action || second < this.#newest || second >= thisSecond) continue;
      this.#seconds[second] = (this.#seconds[second] ?? 0) + 1;
    }
    for (let second = this.#newest; second < thisSecond; second += 1) this.#seconds[second] ??= 0;
    this.#newest = thisSecond;
  }

  #secondOf(at: number): number {
    return Math.floor((at - this.#startedAt) / 1000);
  }
}
