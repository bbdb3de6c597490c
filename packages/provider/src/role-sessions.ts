import type { AgentClient } from "./client.ts";
import type { CredentialsDocument, CredentialsScope } from "./protocol.ts";
import { overRestart } from "./restart.ts";
import { SessionCache } from "./session-cache.ts";

export type { SessionCache } from "./session-cache.ts";

/** The sessions of a role for one process, the agent's newest each time, also over a restart of the agent. */
export function roleSessions(client: AgentClient, role: string, scope?: CredentialsScope): SessionCache {
  const ask = (): Promise<CredentialsDocument> => client.credentials(role, scope);
  return new SessionCache((hasFallback) => (hasFallback ? ask() : overRestart(ask)));
}
