import { elapsed, type Instant } from "../core/clock.ts";

const windowMs = 60_000;
const mostInWindow = 10;

interface Window {
  readonly since: Instant;
  told: number;
  untold: number;
}

/** Keeps whoever is refused all the time from filling the log: ten refusals a minute are told, then their number. */
export class RefusalLimit {
  readonly #windows = new Map<string, Window>();

  /**
   * Whether the refusal at this door is to be told, and how many were not since the last one that was.
   */
  next(door: string, now: Instant): { readonly isTold: boolean; readonly before: number } {
    const last = this.#windows.get(door);
    const isNew = last === undefined || elapsed(last.since, now) >= windowMs;
    const window = isNew ? { since: now, told: 0, untold: 0 } : last;
    this.#windows.set(door, window);
    const isTold = window.told < mostInWindow;
    if (isTold) window.told += 1;
    else window.untold += 1;
    return { isTold, before: isNew ? (last?.untold ?? 0) : 0 };
  }
}
