import { RoleAgentError } from "@role-agent/provider/errors";
import type { RoleEventType, RoleState } from "@role-agent/provider/protocol";
import { agentLocked } from "./agent-lock.ts";
import { elapsed, type Instant } from "./clock.ts";
import { demandAt, type Demand } from "./demand.ts";
import type { KeeperOptions, KeeperSettings } from "./keeper-options.ts";
import {
  afterFailure,
  afterSourceRenewal,
  afterSuccess,
  canWaitForTurn,
  describeState,
  earlyRenewal,
  initialState,
  isPersonsTurn,
  msUntilAttempt,
  renewalAtEnd,
  standingError,
  usable,
  withoutEnded,
  withoutFailure,
  type RefreshState,
} from "./refresh-policy.ts";
import type { KeptRole } from "./kept-role.ts";
import { holdSince, revealed, sealed, type HeldSession, type PersonInput } from "./session.ts";

/** How long after a failure it is first looked whether a person has mended it; a request looks at once. */
const personsPauseMs = 2000;
const alreadyEnded = "AWS answered with a session that has already ended";

/**
 * Holds the newest session of one role and renews it: one attempt at a time, whoever asks. The last good session is
 * served until it really ends and never after.
 */
export class Keeper {
  readonly name: string;
  readonly #options: KeeperOptions;
  #settings: KeeperSettings;
  #state: RefreshState = initialState;
  #attempt: Promise<HeldSession> | undefined;
  #askedAt: Instant | undefined;
  #isLocked = false;

  constructor(options: KeeperOptions) {
    this.name = options.name;
    this.#options = options;
    this.#settings = options.settings;
  }

  get state(): RefreshState {
    return this.#state;
  }

  /** Whether attempts have failed while a client waits and nothing can be served. */
  get isWaitedFor(): boolean {
    const now = this.#options.clock.now();
    const hasNothing = this.#state.failure !== undefined && usable(this.#state, now) === undefined;
    return hasNothing && this.#demand(now) === "waiting";
  }

  /** After the configuration was read again and asks for the same role: the session stays, its failures don't. */
  reconfigure(settings: KeeperSettings): void {
    this.#settings = settings;
    this.forgetFailure();
  }

  /** What the keeper of the same role in the next process goes on with. */
  kept(): KeptRole {
    const { held, renewAt } = this.#state;
    return {
      name: this.name,
      renewAt,
      ...(this.#askedAt && { askedAt: this.#askedAt }),
      ...(held && { held: { session: revealed(held.session), receivedAt: held.receivedAt } }),
    };
  }

  /**
   * Goes on with what the keeper of the same role had in the process before, unless it has a session of its own by now.
   * Answers whether it took the session.
   */
  adopt({ renewAt, askedAt, held }: KeptRole): boolean {
    const now = this.#options.clock.now();
    this.#askedAt ??= askedAt;
    if (held === undefined || this.#isLocked || usable(this.#state, now) !== undefined) return false;
    const state = { renewAt, held: holdSince(sealed(held.session), held.receivedAt) };
    if (usable(state, now) === undefined) return false;
    this.#state = state;
    return true;
  }

  /** What stood in the way is gone: the next request brings about an attempt. */
  forgetFailure(): void {
    this.#state = withoutFailure(this.#state);
  }

  /** Drops the session, and has and obtains none until it is unlocked: whoever asks gets `Locked`. */
  lock(): void {
    const { held } = this.#state;
    this.#isLocked = true;
    this.#state = initialState;
    if (held !== undefined) this.#options.onEvent("expired", this);
  }

  /** What clients asked for lately, or is prefetched, is obtained again. */
  unlock(): void {
    this.#isLocked = false;
  }

  /** The session that this role's was narrowed from has a successor. */
  sourceRenewed(): void {
    this.#state = afterSourceRenewal(this.#state);
  }

  /** The held session if it may be served right now; counts as a request for the role. */
  peek(): HeldSession | undefined {
    const now = this.#options.clock.now();
    // It is of a time when somebody last asked: what was wrong then may be so no more.
    if (this.#state.failure !== undefined && this.#demand(now) === "none") this.forgetFailure();
    this.#askedAt = now;
    this.#options.onAsked?.();
    return usable(this.#state, now);
  }

  /**
   * A session that AWS accepts now. Without one, callers share one attempt; after a failed attempt they get its error
   * at once while the next one is under way or not yet due.
   */
  async session(): Promise<HeldSession> {
    const held = this.peek();
    if (held !== undefined) return held;
    const coming = this.#options.inheritance?.();
    if (coming !== undefined) {
      await coming;
      const inherited = usable(this.#state, this.#options.clock.now());
      if (inherited !== undefined) return inherited;
    }
    this.#noticePerson();
    const { failure } = this.#state;
    if (failure === undefined) return this.#currentOrInherited();
    const now = this.#options.clock.now();
    throw standingError(failure, msUntilAttempt(this.#state, this.#demand(now), now), now);
  }

  /** A session issued by an attempt that ends after this call, or that begins after it with a person's input. */
  async refresh(input?: PersonInput): Promise<HeldSession> {
    this.#askedAt = this.#options.clock.now();
    if (input !== undefined) {
      while (this.#attempt !== undefined) await this.#attempt.catch(() => undefined);
    }
    return this.#current(input);
  }

  /** Starts an attempt if one is due; answers in how many milliseconds the next is. */
  tend(now: Instant): number {
    if (this.#attempt !== undefined || this.#options.inheritance?.() !== undefined) return Infinity;
    this.#dropEnded(now);
    const { failure } = this.#state;
    if (failure !== undefined && elapsed(failure.at, now) >= personsPauseMs) this.#noticePerson();
    const wait = msUntilAttempt(this.#state, this.#demand(now), now);
    if (wait > 0) return wait;
    const turn = canWaitForTurn(this.#state, now) ? this.#options.turn?.(now) : undefined;
    if (turn !== undefined && turn > 0) return turn;
    // Nobody may be there to hear of a failure: it stays in the state.
    this.#current().catch(() => undefined);
    return Infinity;
  }

  /** The state in one word, and in how many milliseconds the next attempt is due. */
  describe(now: Instant): { readonly state: RoleState; readonly msUntilAttempt: number } {
    if (this.#isLocked) return { state: "idle", msUntilAttempt: Infinity };
    return {
      state: describeState(this.#state, this.#attempt !== undefined, now),
      msUntilAttempt: msUntilAttempt(this.#state, this.#demand(now), now),
    };
  }

  #demand(now: Instant): Demand {
    return demandAt(now, this.#askedAt, this.#settings);
  }

  #noticePerson(): void {
    const { failure } = this.#state;
    // What passes by itself is tried again soon enough; a refusal may be of a sign-in that was the wrong one.
    if (failure === undefined || failure.error.code === "SourceUnavailable") return;
    if (this.#options.hasPersonActed()) this.forgetFailure();
  }

  #dropEnded(now: Instant): void {
    const state = withoutEnded(this.#state, now);
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onEvent("expired", this);
  }

  /** One that is handed down while AWS is being asked will do where AWS fails. */
  async #currentOrInherited(): Promise<HeldSession> {
    try {
      return await this.#current();
    } catch (error) {
      const held = usable(this.#state, this.#options.clock.now());
      if (held === undefined) throw error;
      return held;
    }
  }

  #current(input?: PersonInput): Promise<HeldSession> {
    if (this.#isLocked) return Promise.reject(agentLocked());
    this.#attempt ??= this.#try(input);
    return this.#attempt;
  }

  async #try(input: PersonInput | undefined): Promise<HeldSession> {
    const { source, clock, onEvent } = this.#options;
    let outcome: RoleEventType = "failed";
    try {
      const session = await source(input);
      if (this.#isLocked) throw agentLocked();
      const now = clock.now();
      const isEarly = this.#settings.isRenewedEarly && session.endsWithSource !== true;
      const renewAt = isEarly ? earlyRenewal(clock.random()) : renewalAtEnd;
      const state = afterSuccess(session, now, renewAt);
      if (usable(state, now) === undefined) throw new RoleAgentError("SourceUnavailable", alreadyEnded);
      this.#dropEnded(now);
      outcome = this.#state.held === undefined ? "issued" : "renewed";
      this.#state = state;
      return state.held;
    } catch (error) {
      if (this.#isLocked) throw agentLocked();
      const failure = toRoleAgentError(error);
      this.#state = afterFailure(this.#state, failure, clock.now(), clock.random());
      if (isPersonsTurn(failure)) outcome = "needs-person";
      throw failure;
    } finally {
      this.#attempt = undefined;
      if (!this.#isLocked) onEvent(outcome, this);
    }
  }
}

function toRoleAgentError(error: unknown): RoleAgentError {
  if (error instanceof RoleAgentError) return error;
  return new RoleAgentError("SourceUnavailable", "the session could not be issued", { cause: error });
}
