/**
 * The sandbox's time, in milliseconds since the Unix epoch. It follows `source` (by default the machine's
 * clock) until a test moves it; signatures, expirations, conditions and the `Date` header all go by it.
 */
export class SandboxClock {
  readonly #source: () => number;
  #offsetMs = 0;

  constructor(source: () => number = Date.now) {
    this.#source = source;
  }

  now(): number {
    return this.#source() + this.#offsetMs;
  }

  /** Moves the time by `ms` milliseconds; a negative number moves it back. */
  advance(ms: number): void {
    this.#offsetMs += ms;
  }

  /** Makes `time` the present; the clock goes on from there. */
  set(time: number | Date): void {
    this.#offsetMs = Number(time) - this.#source();
  }
}

/** `2026-11-24T14:47:56Z`: how the query protocol writes a time. */
export function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}
