import { clockSkew, type RoleSession } from "./session.ts";

const noticedMs = 60_000;

/**
 * How far this machine's clock is from AWS's, as the newest session showed, however it was set since. Sessions are counted by AWS's clock, but
 * clients compare `Expiration` with this machine's.
 */
export class ClockWatch {
  readonly #aheadOfWall: () => number;
  #skew: { readonly ms: number; readonly aheadOfWall: number } | undefined;

  /**
   * @param aheadOfWall - milliseconds by which a clock that nobody sets, and that goes on while the machine sleeps, is
   * ahead of the wall clock: it shows by how much that was set since a session came
   */
  constructor(aheadOfWall: () => number = () => 0) {
    this.#aheadOfWall = aheadOfWall;
  }

  /** Whole seconds by which AWS's clock is ahead, negative where it is behind; null before the first session. */
  get skewSeconds(): number | null {
    const skewMs = this.skewMs();
    return skewMs === undefined ? null : Math.round(skewMs / 1000);
  }

  /** Milliseconds by which AWS's clock is ahead of the wall clock as that is set by now; undefined before the first session. */
  skewMs(): number | undefined {
    if (this.#skew === undefined) return undefined;
    return this.#skew.ms + this.#aheadOfWall() - this.#skew.aheadOfWall;
  }

  /** The session with the lifetime that it has by AWS's clock, where that of this machine was taken for it. */
  corrected(session: RoleSession): RoleSession {
    const skewMs = this.skewMs();
    if (session.byAwsClock !== "end" || skewMs === undefined) return session;
    return { ...session, lifetimeMs: session.lifetimeMs - skewMs };
  }

  /** Takes a session into account. Answers a notice for people when the clock turns out to be wrong. */
  observe(session: RoleSession): string | undefined {
    const ms = clockSkew(session);
    if (ms === undefined) return undefined;
    const wasWrong = isWrong(this.#skew?.ms ?? 0);
    this.#skew = { ms, aheadOfWall: this.#aheadOfWall() };
    return wasWrong ? undefined : clockNotice(this.skewSeconds ?? 0);
  }
}

/** What to tell people of a clock that is so many seconds behind AWS's, or before it where negative. */
export function clockNotice(skewSeconds: number): string | undefined {
  if (!isWrong(skewSeconds * 1000)) return undefined;
  const direction = skewSeconds > 0 ? "behind" : "ahead of";
  return `this machine's clock is ${Math.abs(skewSeconds)} s ${direction} AWS's: set it right`;
}

function isWrong(skewMs: number): boolean {
  return Math.abs(skewMs) > noticedMs;
}
