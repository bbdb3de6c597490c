import { clockSkew, type RoleSession } from "./session.ts";

const noticedMs = 60_000;

/**
 * How far this machine's clock is from AWS's, as the newest session showed. Sessions are counted by AWS's clock, but
 * clients compare `Expiration` with this machine's.
 */
export class ClockWatch {
  #skewMs: number | undefined;

  /** Whole seconds by which AWS's clock is ahead, negative where it is behind; null before the first session. */
  get skewSeconds(): number | null {
    return this.#skewMs === undefined ? null : Math.round(this.#skewMs / 1000);
  }

  /** The session with the lifetime that it has by AWS's clock, where that of this machine was taken for it. */
  corrected(session: RoleSession): RoleSession {
    if (session.byAwsClock !== "end" || this.#skewMs === undefined) return session;
    return { ...session, lifetimeMs: session.lifetimeMs - this.#skewMs };
  }

  /** Takes a session into account. Answers a notice for people when the clock turns out to be wrong. */
  observe(session: RoleSession): string | undefined {
    const skewMs = clockSkew(session);
    if (skewMs === undefined) return undefined;
    const wasWrong = isWrong(this.#skewMs ?? 0);
    this.#skewMs = skewMs;
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
