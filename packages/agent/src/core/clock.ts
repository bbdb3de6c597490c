/** One moment, by the two clocks of a machine, in milliseconds. */
export interface Instant {
  /** Since 1970, as people and AWS count; it jumps when it is set. */
  readonly wall: number;
  /** Since some start, only forward; it may stand still while the machine sleeps. */
  readonly mono: number;
}

/** Time and randomness, the only way either comes into the core. */
export interface Clock {
  now(): Instant;
  /** Uniform in [0, 1). */
  random(): number;
  /** Resolves after `ms`, or at once when `signal` fires; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Milliseconds from one moment to a later one, by whichever clock says more: a wall clock that was set back hides
 * time, and so does the other clock on a machine that slept.
 */
export function elapsed(since: Instant, now: Instant): number {
  return Math.max(now.wall - since.wall, now.mono - since.mono, 0);
}
