import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError } from "./errors.ts";

/**
 * Asks again while an agent may be restarting: connections refused, or cut before an answer. A socket that was never
 * there gets one short second look only, since the caller may have another source of credentials.
 *
 * @param patienceMs - how long to pause in total for an agent that was there; the time it takes to answer is its own
 */
export async function overRestart<T>(ask: () => Promise<T>, patienceMs = 3000): Promise<T> {
  let paused = 0;
  let pause = 50;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (paused >= patienceFor(error, patienceMs)) throw error;
      await sleep(pause);
      paused += pause;
      pause = Math.min(pause * 2, 100);
    }
  }
}

function patienceFor(error: unknown, patienceMs: number): number {
  if (!(error instanceof RoleAgentError) || error.code !== "AgentUnreachable") return 0;
  switch (systemCodeOf(error.cause)) {
    case "ECONNREFUSED":
    case "ECONNRESET":
    case "EPIPE":
      return patienceMs;
    case "ENOENT":
      return Math.min(150, patienceMs);
    default:
      return 0;
  }
}

function systemCodeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}
