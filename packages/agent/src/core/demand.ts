import { elapsed, type Instant } from "./clock.ts";

/** Who waits for a role: nobody asked for long, somebody has, or somebody just did. */
export type Demand = "none" | "some" | "waiting";

/** Whether a role is kept fresh while nobody asks. */
export interface DemandSettings {
  /** After this long without a request the session is no longer renewed, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Kept fresh from the start and for ever, whether somebody asks or not. */
  readonly isPrefetched: boolean;
}

/** How recently a client must have asked for it to count as waiting. */
const waitingMs = 60_000;

/** Who waits for a role that was last asked for at `askedAt`. */
export function demandAt(
  now: Instant,
  askedAt: Instant | undefined,
  { idleTimeoutMs, isPrefetched }: DemandSettings,
): Demand {
  const quietMs = askedAt === undefined ? Infinity : elapsed(askedAt, now);
  if (quietMs < waitingMs) return "waiting";
  return isPrefetched || quietMs < idleTimeoutMs ? "some" : "none";
}
