import { elapsed, type Instant } from "./clock.ts";

/** Where so many are enough; AWS takes 600 a second from an account. */
const perSecond = 3;
/**
 * Sessions that came together are due from 0.45 of their life on, and none waits longer than to 0.65: so many in one
 * life, and all of them have had their turn by then.
 */
const perLifetime = 6;

/** What the turns of an account are given by. */
export interface RenewalPaceOptions {
  /** Lifetimes in milliseconds of the sessions that are kept fresh by calls of the account. */
  readonly lifetimes: (account: string) => Iterable<number>;
}

interface Turn {
  readonly at: Instant;
  /** Until the next one. */
  readonly gapMs: number;
}

/**
 * Spreads the renewals that can wait: three a second for each account, or six for each session in the time that a
 * session lives, whichever is more.
 */
export class RenewalPace {
  readonly #options: RenewalPaceOptions;
  readonly #last = new Map<string, Turn>();

  constructor(options: RenewalPaceOptions) {
    this.#options = options;
  }

  /** Takes a turn of the account, and answers 0; or answers in how many milliseconds there is one. */
  turn(account: string, now: Instant): number {
    const last = this.#last.get(account);
    const wait = last === undefined ? 0 : last.gapMs - elapsed(last.at, now);
    if (wait > 0) return wait;
    this.#last.set(account, { at: now, gapMs: gapMs(this.#options.lifetimes(account)) });
    return 0;
  }
}

/** Milliseconds from one renewal to the next, where sessions of these lifetimes are to be renewed in time. */
export function gapMs(lifetimes: Iterable<number>): number {
  let needed = 0;
  for (const lifetimeMs of lifetimes) needed += perLifetime / lifetimeMs;
  return 1 / Math.max(perSecond / 1000, needed);
}
