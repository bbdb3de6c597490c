import type { ErrorCode, RoleAgentError } from "@role-agent/provider/errors";
import type { RoleState } from "@role-agent/provider/protocol";
import type { Demand } from "./demand.ts";
import { elapsed, type Instant } from "./clock.ts";
import { StandingError } from "./standing-error.ts";
import { hold, isServable, type HeldSession, type RoleSession } from "./session.ts";

/** What is known of one role's session: what is held, and how the newest attempts to get one went. */
export interface RefreshState {
  readonly held?: HeldSession;
  /** Where in the lifetime of the held session it is renewed: 0.45 to 0.55; 1 at its end; 0 at once. */
  readonly renewAt: number;
  readonly failure?: Failure;
}

/** How the newest attempts failed. */
export interface Failure {
  readonly error: RoleAgentError;
  readonly at: Instant;
  /** The first failure since the last success. */
  readonly since: Instant;
  /** Failed attempts since the last success. */
  readonly count: number;
  /** Random share of the back-off delay that is waited: 0.5 to 1. */
  readonly jitter: number;
}

const firstDelayMs = 500;
const longestDelayMs = 60_000;
/** While a client waits and nothing can be served, AWS is asked again within 5 s of its return. */
const longestDelayWhileWaitedForMs = 3000;
/** After a refusal: only a change of policy or configuration helps, and that takes people minutes. */
const delayAfterRefusalMs = 300_000;
const longestRetryAfterMs = 300_000;

const refusals: ReadonlySet<ErrorCode> = new Set(["AccessDenied", "InvalidConfiguration", "RoleNotFound"]);
const personsTurn: ReadonlySet<ErrorCode> = new Set([
  "MfaRequired",
  "LoginRequired",
  "Locked",
  "KeychainLocked",
]);

/** The state of a role that was never asked for. */
export const initialState: RefreshState = { renewAt: 0.5 };

/** Where in its lifetime a session is renewed: spread, so that sessions issued together part. */
export function earlyRenewal(random: number): number {
  return 0.45 + 0.1 * random;
}

/** So old may a session become before its renewal, in parts of its life, for the sake of the pace of all renewals. */
const latestRenewal = 0.65;

/** A session that only a person can renew, or that ends with its source's, is used to its end. */
export const renewalAtEnd = 1;

/**
 * Whether nothing is tried before a person asks for it: trying would only ask them again. An error that says when to
 * try again asks nobody, such as that of a keychain that no desktop can unlock.
 */
export function isPersonsTurn({ code, retryAfterSeconds }: RoleAgentError): boolean {
  return personsTurn.has(code) && retryAfterSeconds === undefined;
}

/** After AWS gave a session: it replaces the held one. */
export function afterSuccess(
  session: RoleSession,
  now: Instant,
  renewAt: number,
): RefreshState & { readonly held: HeldSession } {
  return { held: hold(session, now), renewAt };
}

/** After an attempt failed: the held session stays. */
export function afterFailure(
  state: RefreshState,
  error: RoleAgentError,
  now: Instant,
  random: number,
): RefreshState {
  const count = (state.failure?.count ?? 0) + 1;
  const since = state.failure?.since ?? now;
  // That of the role it is obtained with says itself since when.
  const own = error instanceof StandingError ? error.failure : error;
  return { ...state, failure: { error: own, at: now, since, count, jitter: 0.5 + 0.5 * random } };
}

/** After the session that the held one was narrowed from was replaced: now one can be had that lives longer. */
export function afterSourceRenewal(state: RefreshState): RefreshState {
  return state.held?.session.endsWithSource === true ? { ...state, renewAt: 0 } : state;
}

/** The held session if AWS still accepts it, and will when the answer has reached the client. */
export function usable(state: RefreshState, now: Instant): HeldSession | undefined {
  return state.held !== undefined && isServable(state.held, now) ? state.held : undefined;
}

/** Drops a session that has ended, so that its secrets leave the memory. */
export function withoutEnded(state: RefreshState, now: Instant): RefreshState {
  if (state.held === undefined || usable(state, now) !== undefined) return state;
  const { held: _ended, ...rest } = state;
  return rest;
}

/** Forgets how the last attempts went: the configuration was read again, or a person asks. */
export function withoutFailure(state: RefreshState): RefreshState {
  const { failure: _forgotten, ...rest } = state;
  return rest;
}

/**
 * Milliseconds until the next attempt is due, 0 when it is, `Infinity` when only a request or a person can bring
 * one about.
 */
export function msUntilAttempt(state: RefreshState, demand: Demand, now: Instant): number {
  if (demand === "none") return Infinity;
  const { failure } = state;
  if (failure !== undefined) {
    return Math.max(0, delayAfter(failure, demand, usable(state, now)) - elapsed(failure.at, now));
  }
  const { held } = state;
  if (held === undefined) return 0;
  return Math.max(0, held.session.lifetimeMs * state.renewAt - elapsed(held.receivedAt, now));
}

/**
 * Whether an attempt that is due may wait for its turn among all that are: clients are served meanwhile, and the session
 * has so much left that it also outlasts an outage. Else it waits for nothing.
 */
export function canWaitForTurn(state: RefreshState, now: Instant): boolean {
  const held = usable(state, now);
  return held !== undefined && elapsed(held.receivedAt, now) < held.session.lifetimeMs * latestRenewal;
}

/** The error that callers get while an attempt has failed and the next one is not due. */
export function standingError({ error, since }: Failure, msUntilNext: number, now: Instant): RoleAgentError {
  const passesByItself = error.code === "SourceUnavailable" && Number.isFinite(msUntilNext);
  return passesByItself ? new StandingError(error, elapsed(since, now), msUntilNext) : error;
}

function delayAfter(failure: Failure, demand: Demand, held: HeldSession | undefined): number {
  const { error, count, jitter } = failure;
  if (isPersonsTurn(error)) return Infinity;
  if (refusals.has(error.code)) return delayAfterRefusalMs;
  const waitedFor = held === undefined && demand === "waiting";
  const longest = waitedFor ? longestDelayWhileWaitedForMs : longestDelayMs;
  const backOff = jitter * Math.min(firstDelayMs * 2 ** (count - 1), longest);
  // Not before AWS wants to hear of us again, and not all roles at once then.
  const asked = Math.min((error.retryAfterSeconds ?? 0) * 1000, longestRetryAfterMs);
  return Math.max(backOff, asked * (0.5 + jitter));
}

/** The state in one word, for `status`. */
export function describeState(state: RefreshState, isRenewing: boolean, now: Instant): RoleState {
  const { failure } = state;
  if (isRenewing) return "renewing";
  if (failure === undefined) return usable(state, now) === undefined ? "idle" : "fresh";
  if (isPersonsTurn(failure.error)) return "needs-person";
  if (usable(state, now) !== undefined) return "failing";
  return refusals.has(failure.error.code) ? "denied" : "expired";
}
