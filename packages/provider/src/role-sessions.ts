import type { AgentClient } from "./client.ts";
import type { CredentialsDocument, CredentialsScope } from "./protocol.ts";
import { overRestart } from "./restart.ts";
import { SessionCache } from "./session-cache.ts";

export { overRestart } from "./restart.ts";
export type { SessionCache } from "./session-cache.ts";

/**
 * The sessions of a role for one process, the agent's newest each time, also over a restart of the agent.
 *
 * @param askInNeed - asks where no session is left to go on with
 */
export function roleSessions(
  client: AgentClient,
  role: string,
  scope?: CredentialsScope,
  askInNeed: <T>(ask: () => Promise<T>) => Promise<T> = overRestart,
): SessionCache {
  const ask = (): Promise<CredentialsDocument> => client.credentials(role, scope);
  return new SessionCache((hasFallback) => (hasFallback ? ask() : askInNeed(ask)));
}
