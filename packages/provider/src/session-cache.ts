import { RoleAgentError } from "./errors.ts";
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
}

const systemClocks: Clocks = { wall: () => Date.now(), mono: () => performance.now() };

/**
 * The last good credentials of one role of one agent, and the one request that may be under way for them.
 *
 * A copy is handed out for a tenth of what was left of it, a minute at most; then the agent is asked again, which
 * by then may hold newer ones. When the agent can't be reached, the copy is handed out for as long as it is valid. It
 * is dropped when the agent says that it is locked.
 */
export class SessionCache {
  readonly #fetch: Fetch;
  readonly #clocks: Clocks;
  #copy: Copy | undefined;
  #pending: Promise<CredentialsDocument> | undefined;

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

  /** The newest credentials; `force` skips the copy, not the agent's memory. */
  async get(force: boolean): Promise<CredentialsDocument> {
    const copy = force ? undefined : this.peek();
    if (copy !== undefined) return copy;
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #ask(): Promise<CredentialsDocument> {
    const fallback = this.#servableCopy();
    try {
      const document = await this.#fetch(fallback !== undefined);
      const wall = this.#clocks.wall();
      const lifetimeMs = Date.parse(document.Expiration) - wall;
      this.#copy = { document, lifetimeMs, wallAtFetch: wall, monoAtFetch: this.#clocks.mono() };
      return document;
    } catch (error) {
      if (fallback !== undefined && isOutage(error)) return fallback;
      // A locked agent has dropped its own, too.
      if (error instanceof RoleAgentError && error.code === "Locked") this.#copy = undefined;
      throw error;
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
  return (
    error instanceof RoleAgentError &&
    (error.code === "AgentUnreachable" || error.code === "SourceUnavailable")
  );
}
