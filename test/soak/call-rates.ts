import { setTimeout as sleep } from "node:timers/promises";
import type { CallLog } from "@role-agent/sandbox";

const spanSeconds = 10;

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

  /**
   * The mean and the most of ten seconds, as calls a second, from so many seconds after the start on. In one second a busy
   * machine may do what it could not in the one before.
   */
  rates(fromSecond: number): { readonly mean: number; readonly most: number } {
    const seconds = this.#seconds.slice(fromSecond);
    const spans = seconds
      .slice(0, -spanSeconds)
      .map((_, first) => sum(seconds.slice(first, first + spanSeconds)));
    return { mean: sum(seconds) / seconds.length, most: Math.max(0, ...spans) / spanSeconds };
  }

  describe(fromSecond: number): string {
    const { mean, most } = this.rates(fromSecond);
    return `${sum(this.#seconds)} (mean ${mean.toFixed(1)}/s, most ${most.toFixed(1)}/s in ${spanSeconds} s)`;
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
