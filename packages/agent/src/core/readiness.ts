import type { ErrorCode } from "@role-agent/provider/errors";
import type { Instant } from "./clock.ts";
import { isPersonsTurn, usable, type RefreshState } from "./refresh-policy.ts";
import { remaining } from "./session.ts";

/** STS gives no shorter session, so nobody who asks for one counts on less. */
const mostReserveMs = 900_000;

/** Why a role can't be relied on. */
export interface Shortfall {
  /** In words of the agent's own: neither AWS's nor the configuration's. */
  readonly reason: string;
  /** Of the newest failure, if one stands. */
  readonly code: ErrorCode | null;
  /** What is left of the session that is still served; 0 where none is. */
  readonly remainingSeconds: number;
}

/**
 * Why a role that is to be kept fresh can't be relied on, or undefined where it can: nothing is held, or less than a
 * renewal in time would have left, a quarter of the session's life (15 minutes at most). So it is told while clients
 * are still served.
 */
export function shortfall(state: RefreshState, now: Instant): Shortfall | undefined {
  const { failure } = state;
  const code = failure?.error.code ?? null;
  const held = usable(state, now);
  if (held !== undefined) {
    const left = remaining(held, now);
    if (left >= Math.min(held.session.lifetimeMs / 4, mostReserveMs)) return undefined;
    return { reason: endReason(state), code, remainingSeconds: Math.floor(left / 1000) };
  }
  return { reason: absenceReason(state), code, remainingSeconds: 0 };
}

function endReason({ failure }: RefreshState): string {
  if (failure === undefined) return "its session ends soon, and has no successor yet";
  return isPersonsTurn(failure.error)
    ? "its session ends soon, and a person must act for the next one"
    : "its session ends soon, and renewals fail";
}

function absenceReason({ failure }: RefreshState): string {
  if (failure === undefined) return "its first session is not there yet";
  return isPersonsTurn(failure.error)
    ? "it has no session before a person acts"
    : "it has no session, and attempts to get one fail";
}
