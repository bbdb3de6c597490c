import type { Clock } from "./clock.ts";
import type { Keeper } from "./keeper.ts";

/** The machine may sleep or its clock be set at any time, so nothing is waited for longer than this. */
const longestSleepMs = 1000;

/** Tends all keepers from one loop: a scan is cheap, a timer for each role is not. */
export class RenewalLoop {
  readonly #keepers: Iterable<Keeper>;
  readonly #clock: Clock;
  #isStopped = false;
  #pause = new AbortController();

  constructor(keepers: Iterable<Keeper>, clock: Clock) {
    this.#keepers = keepers;
    this.#clock = clock;
  }

  /** Tends the keepers until the loop is stopped. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      this.#pause = new AbortController();
      const wait = this.#tendAll();
      await this.#clock.sleep(wait, this.#pause.signal);
    }
  }

  /** Looks at the keepers again now, since something about them changed. */
  wake(): void {
    this.#pause.abort();
  }

  stop(): void {
    this.#isStopped = true;
    this.wake();
  }

  #tendAll(): number {
    const now = this.#clock.now();
    let wait = longestSleepMs;
    for (const keeper of this.#keepers) wait = Math.min(wait, keeper.tend(now));
    return Math.ceil(wait);
  }
}
