import { elapsed, type Clock, type Instant } from "./clock.ts";
import type { Keeper } from "./keeper.ts";
import { endsWith, type Scope } from "./scoped-session.ts";
import { hold, isServable, remaining, type HeldSession, type RoleSession } from "./session.ts";

/** Of clients that narrow each request differently, only the newest sessions are kept. */
const mostSessions = 100;
/** A client that asks in a loop for what AWS refuses gets the same answer for so long. */
const failureMs = 5000;

/** What the sessions for single clients are made by. */
export interface ScopedSessionsOptions {
  readonly clock: Clock;
  readonly issue: (role: string, scope: Scope) => Promise<RoleSession>;
  /** Told of every attempt that ended. */
  readonly onAttempt: (role: string, outcome: RoleSession | Error) => void;
}

interface Entry {
  readonly keeper: Keeper;
  readonly answer: Promise<HeldSession>;
  readonly outcome: Outcome;
}

/** Empty while AWS is being asked. */
interface Outcome {
  held?: HeldSession;
  failedAt?: Instant;
}

/**
 * Sessions of roles that clients narrow for themselves. Equal requests share one call and its session until half of
 * its life is over; none is renewed.
 */
export class ScopedSessions {
  readonly #options: ScopedSessionsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ScopedSessionsOptions) {
    this.#options = options;
  }

  /** A session of the keeper's role, narrowed. What keeps the role itself from having one is the keeper's error. */
  async session(keeper: Keeper, scope: Scope): Promise<HeldSession> {
    const source = await keeper.session();
    const key = JSON.stringify([keeper.name, scope.policy, scope.durationSeconds]);
    const known = this.#entries.get(key);
    if (known?.keeper === keeper && this.#isGood(known, source)) return known.answer;
    const outcome: Outcome = {};
    const answer = this.#issue(keeper.name, scope, outcome);
    this.#remember(key, { keeper, answer, outcome });
    return answer;
  }

  /** Drops all; what is under way is not kept. */
  forget(): void {
    this.#entries.clear();
  }

  #isGood({ outcome: { held, failedAt } }: Entry, source: HeldSession): boolean {
    const now = this.#options.clock.now();
    if (failedAt !== undefined) return elapsed(failedAt, now) < failureMs;
    if (held === undefined) return true;
    if (remaining(held, now) > held.session.lifetimeMs / 2) return true;
    // Nothing that lives longer can be had before the role's own session is renewed.
    return isServable(held, now) && endsWith(held.session, source.session);
  }

  async #issue(role: string, scope: Scope, outcome: Outcome): Promise<HeldSession> {
    const { issue, clock, onAttempt } = this.#options;
    try {
      const session = await issue(role, scope);
      outcome.held = hold(session, clock.now());
      onAttempt(role, session);
      return outcome.held;
    } catch (error) {
      outcome.failedAt = clock.now();
      onAttempt(role, error instanceof Error ? error : new Error("unknown failure"));
      throw error;
    }
  }

  /** Also drops what has ended, so that its secrets leave the memory. */
  #remember(key: string, entry: Entry): void {
    const now = this.#options.clock.now();
    for (const [each, { outcome }] of this.#entries) {
      const { held } = outcome;
      if (held !== undefined && !isServable(held, now)) this.#entries.delete(each);
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > mostSessions && oldest !== undefined) this.#entries.delete(oldest);
  }
}
