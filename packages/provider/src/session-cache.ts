import { setTimeout as timeout } from "node:timers/promises";
import { RoleAgentError, type ErrorCode } from "./errors.ts";
import type { CredentialsDocument } from "./protocol.ts";

interface Copy {
  readonly document: CredentialsDocument;
  readonly lifetimeMs: number;
  readonly wallAtFetch: number;
  readonly monoAtFetch: number;
}

/** Asks the agent. With something to fall back on, it is not worth waiting for one that is restarting. */
export type Fetch = (hasFallback: boolean) => Promise<CredentialsDocument>;

/** The two clocks of a process, in milliseconds: one that people set, one that only runs forward. */
export interface Clocks {
  wall(): number;
  mono(): number;
  /** Resolves after so long, or at once when `signal` fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const systemClocks: Clocks = {
  wall: () => Date.now(),
  mono: () => performance.now(),
  sleep: async (ms, signal) => timeout(ms, undefined, { signal }).catch(() => undefined),
};

/** Who has a valid copy waits no longer for an agent: some clients of an endpoint give up after a second. */
const patienceMs = 500;

/** Why the agent may have nothing to give just now, though the role can be had. An agent that was restarted says the last four. */
const outages: ReadonlySet<ErrorCode> = new Set([
  "AgentUnreachable",
  "SourceUnavailable",
  "MfaRequired",
  "LoginRequired",
  "KeychainLocked",
  "KeychainUnavailable",
]);

/** A request to the agent that is under way. */
interface Request {
  readonly answer: Promise<CredentialsDocument>;
  /** Resolves when it has taken too long for whoever has a copy. */
  readonly isLate: Promise<void>;
}

/**
 * The last good credentials of one role of one agent, and the one request that may be under way for them.
 *
 * A copy is handed out for a tenth of what was left of it, a minute at most; then the agent is asked again, which
 * by then may hold newer ones. When the agent can't be reached, does not answer within 500 ms or has nothing until a
 * person acts, the copy is handed out for as long as it is valid. It is dropped when the agent refuses the role or says
 * that it is locked.
 */
export class SessionCache {
  readonly #fetch: Fetch;
  readonly #clocks: Clocks;
  #copy: Copy | undefined;
  #request: Request | undefined;

  constructor(fetch: Fetch, clocks: Clocks = systemClocks) {
    this.#fetch = fetch;
    this.#clocks = clocks;
  }

  /** The copy, while it is handed out without asking the agent. */
  peek(): CredentialsDocument | undefined {
    const copy = this.#copy;
    return copy !== undefined && this.#age(copy) < Math.min(60_000, copy.lifetimeMs / 10)
      ? copy.document
      : undefined;
  }

  /** Whether nothing here would be handed out any more, and nothing is on its way. */
  get isSpent(): boolean {
    return this.#request === undefined && this.#servableCopy() === undefined;
  }

  /** The newest credentials; `force` skips the copy where the agent answers in time, not the agent's memory. */
  async get(force: boolean): Promise<CredentialsDocument> {
    const copy = force ? undefined : this.peek();
    if (copy !== undefined) return copy;
    this.#request ??= this.#begin();
    const { answer, isLate } = this.#request;
    return Promise.race([answer, isLate.then(() => this.#servableCopy() ?? answer)]);
  }

  #begin(): Request {
    const answered = new AbortController();
    const answer = this.#ask().finally(() => {
      this.#request = undefined;
      answered.abort();
    });
    return { answer, isLate: this.#clocks.sleep(patienceMs, answered.signal) };
  }

  async #ask(): Promise<CredentialsDocument> {
    try {
      const document = await this.#fetch(this.#servableCopy() !== undefined);
      const wall = this.#clocks.wall();
      const lifetimeMs = Date.parse(document.Expiration) - wall;
      this.#copy = { document, lifetimeMs, wallAtFetch: wall, monoAtFetch: this.#clocks.mono() };
      return document;
    } catch (error) {
      if (!isOutage(error)) this.#copy = undefined;
      const copy = this.#servableCopy();
      if (copy === undefined) throw error;
      return copy;
    }
  }

  /** Still valid, with enough left for a request that is signed now: 30 s, or a tenth of a short session. */
  #servableCopy(): CredentialsDocument | undefined {
    const copy = this.#copy;
    if (copy === undefined) return undefined;
    const left = copy.lifetimeMs - this.#age(copy);
    return left > Math.min(30_000, copy.lifetimeMs / 10) ? copy.document : undefined;
  }

  /** By whichever clock says more: the wall clock stands when it is set back, the other while the machine sleeps. */
  #age(copy: Copy): number {
    return Math.max(this.#clocks.wall() - copy.wallAtFetch, this.#clocks.mono() - copy.monoAtFetch);
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof RoleAgentError && outages.has(error.code);
}
