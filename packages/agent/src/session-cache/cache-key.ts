import { once } from "node:events";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { Clock } from "../core/clock.ts";
import { isPersonsTurn } from "../core/refresh-policy.ts";

const firstPauseMs = 5000;
const longestPauseMs = 300_000;

/** How the key of a session cache is had, and what its absence means. */
export interface CacheKeyOptions {
  readonly clock: Clock;
  /** Asks the keychain, or opens the key file. Rejects with a RoleAgentError. */
  readonly read: (signal: AbortSignal) => Promise<Buffer>;
  /** Told why there is none yet, once for each reason. */
  readonly onProblem: (problem: RoleAgentError) => void;
}

/**
 * Has the key asked for once; where that fails, again when it may have come, at growing pauses. Where asking would show
 * a person another prompt, it waits until they say so.
 */
export class CacheKey {
  readonly #options: CacheKeyOptions;
  #nudge = new AbortController();

  constructor(options: CacheKeyOptions) {
    this.#options = options;
  }

  /** The key, as late as it may come; `undefined` once nobody waits for it any more. Never rejects. */
  async obtain(signal: AbortSignal): Promise<Buffer | undefined> {
    let told = "";
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        return await this.#options.read(signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        const problem = error instanceof RoleAgentError ? error : failed(error);
        if (problem.message !== told) this.#options.onProblem(problem);
        told = problem.message;
        await this.#pause(problem, tries, signal);
      }
    }
    return undefined;
  }

  /** A person may have mended what was wrong: the key is asked for at once. */
  retry(): void {
    this.#nudge.abort();
  }

  async #pause(problem: RoleAgentError, tries: number, signal: AbortSignal): Promise<void> {
    this.#nudge = new AbortController();
    const over = AbortSignal.any([this.#nudge.signal, signal]);
    if (isPersonsTurn(problem)) {
      await once(over, "abort");
      return;
    }
    const pauseMs = Math.min(firstPauseMs * 2 ** tries, longestPauseMs);
    await this.#options.clock.sleep(Math.max(pauseMs, (problem.retryAfterSeconds ?? 0) * 1000), over);
  }
}

function failed(cause: unknown): RoleAgentError {
  return new RoleAgentError("KeychainUnavailable", "the key of the session cache can't be read", { cause });
}
