import type { Server } from "node:http";
import { RoleAgentError } from "@role-agent/provider/errors";
import { agentHardening } from "./agent-hardening.ts";
import { agentFacts, type AgentOptions } from "./agent-options.ts";
import type { AgentParts } from "./agent-parts.ts";
import { ConfigError, type Config } from "./config/config.ts";
import { agentSocketShare } from "./core/connection-shares.ts";
import { agentApi } from "./endpoints/agent-api.ts";
import type { PeerIdentity } from "./endpoints/peer-identity.ts";
import { agentStatus, roleList } from "./status.ts";
import { Connections } from "./system/connections.ts";
import { httpServer } from "./system/http-server.ts";
import { admitOwnClients } from "./system/own-clients.ts";
import { identifyPeer } from "./system/peer.ts";

/** What a client of the agent socket can have the agent do with itself. */
export interface AgentActions {
  reload(peer: PeerIdentity | undefined): Promise<void>;
  restart(peer: PeerIdentity | undefined): Promise<void>;
  stop(peer: PeerIdentity | undefined): void;
}

/** What the agent socket serves, and within which bounds. */
export interface ServedParts extends Omit<AgentParts, "server"> {
  readonly config: () => Config;
  /** How many file descriptors the process may have. */
  readonly descriptors: number;
}

/** The server of the agent socket: for this user and root alone. It does not listen yet. */
export function agentServer(options: AgentOptions, parts: ServedParts, actions: AgentActions): Server {
  const { sessions, locking, reports, confirming, cache, doors, config, mayHave, descriptors } = parts;
  const facts = agentFacts(options);
  const { keepers, scoped, clockWatch } = sessions;
  const { events, audit, observation } = reports;
  const endpoint = agentApi({
    keepers,
    scopedSessions: scoped,
    status: () => ({
      ...agentStatus(facts, config().roles, keepers, clockWatch.skewSeconds, options.clock.now()),
      ...locking.status(),
      ...confirming.status(),
      sessionCache: cache.status,
      endpoints: doors.status(),
      hardening: agentHardening({ server, reaches: doors.reaches(), isUnsafe: options.unsafeDebug }),
    }),
    roles: () => roleList(config().roles.values()),
    reload: async (peer) => reloadForClient(actions, peer),
    restart: async (peer) => actions.restart(peer),
    stop: (peer) => actions.stop(peer),
    events,
    audit,
    observation,
    confirmations: confirming.confirmations,
    mayHave,
    lock: locking.lock,
    followScreen: () => locking.screen.follow(),
  });
  const counts = observation.requestCounts("agent");
  const server = httpServer(endpoint, counts, identifyPeer);
  // A program that holds on to connections must not keep the owner's own commands out.
  new Connections(server).keepAtMost(agentSocketShare(descriptors), () => (counts.dropped += 1));
  admitOwnClients(server, counts);
  return server;
}

async function reloadForClient(actions: AgentActions, peer: PeerIdentity | undefined): Promise<void> {
  try {
    await actions.reload(peer);
  } catch (error) {
    throw error instanceof ConfigError ? new RoleAgentError("InvalidConfiguration", error.message) : error;
  }
}
