import type { Server } from "node:http";
import { AgentCache } from "./agent-cache.ts";
import { AgentConfirming } from "./agent-confirming.ts";
import { AgentLocking } from "./agent-locking.ts";
import type { AgentOptions } from "./agent-options.ts";
import { AgentReports } from "./agent-reports.ts";
import { agentServer, type AgentActions } from "./agent-server.ts";
import { AgentSessions } from "./agent-sessions.ts";
import type { Config } from "./config/config.ts";
import { RenewalLoop } from "./core/renewal-loop.ts";
import { Doors } from "./doors/doors.ts";
import { confirming, type MayHave } from "./endpoints/confirming.ts";
import { newImdsKey } from "./endpoints/imds-tokens.ts";
import { descriptorLimit } from "./system/descriptor-limit.ts";
import { openConnections } from "./system/http-server.ts";
import type { Log } from "./system/log.ts";

/** What an agent is made of. */
export interface AgentParts {
  readonly log: Log;
  readonly sessions: AgentSessions;
  readonly reports: AgentReports;
  readonly confirming: AgentConfirming;
  readonly locking: AgentLocking;
  readonly loop: RenewalLoop;
  readonly cache: AgentCache;
  readonly doors: Doors;
  readonly mayHave: MayHave;
  /** That of the agent socket; it does not listen yet. */
  readonly server: Server;
  /** Seals the tokens of IMDS. */
  readonly imdsKey: Buffer;
}

/** Puts an agent together. Nothing runs yet, and none of `config` is in force. */
export function agentParts(options: AgentOptions, config: () => Config, actions: AgentActions): AgentParts {
  const { clock, predecessor } = options;
  const log = options.createLog(() => config().agent.logLevel);
  const common = { clock, env: options.config.env, log };
  const estate = predecessor?.estate;
  const sessions = new AgentSessions({
    ...common,
    passphrase: options.passphrase,
    environmentSecrets: options.environmentSecrets,
    addresses: () => doors.addresses(),
    timed: (issue) => reports.observation.timed(issue),
    inheritance: () => cache.opening,
    onEvent: (type, keeper) => {
      loop.wake();
      cache.changed();
      reports.happened(type, keeper);
    },
    onNarrowed: (role, outcome) => reports.narrowed(role, outcome),
  });
  const reports = new AgentReports({
    ...common,
    sessions,
    config,
    endpoints: () => doors.status(),
    openConnections: async () =>
      new Map([["agent", await openConnections(server)], ...(await doors.connections())]),
    isLocked: () => locking.lock.lockedAt !== undefined,
  });
  const confirmer = new AgentConfirming({ ...common, reports });
  const locking = new AgentLocking({
    ...common,
    sessions,
    state: estate?.lock,
    onLocked: () => {
      confirmer.confirmations.lock();
      cache.drop();
      predecessor?.silence();
    },
    onUnlocked: () => loop.wake(),
  });
  const loop = new RenewalLoop(sessions.keepers, clock);
  const cache = new AgentCache({
    options,
    log,
    sessions,
    config,
    onTakenUp: (keepers) => {
      reports.takenUp(keepers);
      loop.wake();
    },
  });
  const { lock } = locking;
  const mayHave = confirming({ confirmations: confirmer.confirmations, lock, clock });
  const imdsKey = estate === undefined ? newImdsKey() : Buffer.from(estate.imdsKey, "base64");
  const descriptors = descriptorLimit();
  const { audit, observation } = reports;
  const doors = new Doors({
    ...options,
    ...common,
    imdsKey,
    keepers: sessions.keepers,
    audit,
    observation,
    requestCounts: (type) => observation.requestCounts(type),
    lock,
    mayHave,
    descriptors,
  });
  const inner = {
    log,
    sessions,
    reports,
    confirming: confirmer,
    locking,
    loop,
    cache,
    doors,
    mayHave,
    imdsKey,
  };
  const server = agentServer(options, { ...inner, config, descriptors }, actions);
  return { ...inner, server };
}
