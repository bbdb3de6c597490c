import type { Fault } from "./faults.ts";

export interface LoggedCall {
  /** Empty where the request named none. */
  action: string;
  /** Who signed the call; undefined where that wasn't proven, or a fault came first. */
  callerArn: string | undefined;
  /** Milliseconds since the epoch, by the sandbox's clock. */
  at: number;
  /** `ok`, the code of the error, or the kind of a fault that left no code. */
  outcome: string;
  fault: Fault["kind"] | undefined;
}

const keptEntries = 10_000;

/**
 * The calls that came in. Counts are of all calls since the start or `clear()`; `entries` are the newest
 * 10,000.
 */
export class CallLog {
  readonly #entries: LoggedCall[] = [];
  readonly #counts = new Map<string, number>();

  get entries(): readonly LoggedCall[] {
    return this.#entries;
  }

  /** How many calls of the action there were, all or those with one outcome. */
  count(action: string, outcome?: string): number {
    return this.#counts.get(outcome === undefined ? action : `${action} ${outcome}`) ?? 0;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#counts.clear();
  }

  record(call: LoggedCall): void {
    this.#entries.push(call);
    if (this.#entries.length > keptEntries) this.#entries.shift();
    for (const counter of [call.action, `${call.action} ${call.outcome}`]) {
      this.#counts.set(counter, (this.#counts.get(counter) ?? 0) + 1);
    }
  }
}
