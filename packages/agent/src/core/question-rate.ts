import { elapsed, type Clock, type Instant } from "./clock.ts";

const minuteMs = 60_000;
/** More than a person could mean. */
export const mostPerMinute = 60;

/** Counts questions, so that a client that asks and goes away in a loop has no more programs started and lines written. */
export class QuestionRate {
  readonly #clock: Clock;
  #begun: Instant[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether one more may be asked; it counts then. */
  take(): boolean {
    const now = this.#clock.now();
    this.#begun = this.#begun.filter((at) => elapsed(at, now) < minuteMs);
    if (this.#begun.length >= mostPerMinute) return false;
    this.#begun.push(now);
    return true;
  }
}
