import type { Server } from "node:http";
import { RoleAgentError } from "@role-agent/provider/errors";
import { estateOf } from "./agent-estate.ts";
import { AgentConfirming } from "./agent-confirming.ts";
import { AgentLocking } from "./agent-locking.ts";
import { agentHardening } from "./agent-hardening.ts";
import { agentFacts, type AgentOptions } from "./agent-options.ts";
import { AgentCache } from "./agent-cache.ts";
import { AgentReports } from "./agent-reports.ts";
import { AgentSessions } from "./agent-sessions.ts";
import { ConfigError, type Config } from "./config/config.ts";
import { agentSocketShare } from "./core/connection-shares.ts";
import { loadConfig } from "./config/load.ts";
import { RenewalLoop } from "./core/renewal-loop.ts";
import { Doors } from "./doors/doors.ts";
import { agentApi } from "./endpoints/agent-api.ts";
import { confirming, type MayHave } from "./endpoints/confirming.ts";
import { newImdsKey } from "./endpoints/imds-tokens.ts";
import type { PeerIdentity } from "./endpoints/peer-identity.ts";
import type { Estate } from "./handover/estate.ts";
import { Handover } from "./handover/handover.ts";
import { agentStatus, roleList } from "./status.ts";
import { Connections } from "./system/connections.ts";
import { descriptorLimit } from "./system/descriptor-limit.ts";
import { closeGracefully, httpServer, openConnections, sendClientsOn } from "./system/http-server.ts";
import type { Log } from "./system/log.ts";
import { admitOwnClients } from "./system/own-clients.ts";
import { identifyPeer } from "./system/peer.ts";
import { listenOnSocket, type PublishedSocket } from "./system/socket.ts";
import { packageVersion } from "./version.ts";

/** How often it looks whether the socket is still its own, and whether anybody still uses it. */
const checkMs = 5000;

/** One agent: the configuration in force, a keeper for each role, and the agent socket. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #log: Log;
  readonly #sessions: AgentSessions;
  readonly #loop: RenewalLoop;
  readonly #server: Server;
  readonly #mayHave: MayHave;
  readonly #doors: Doors;
  readonly #reports: AgentReports;
  readonly #confirming: AgentConfirming;
  readonly #locking: AgentLocking;
  readonly #handover: Handover;
  readonly #cache: AgentCache;
  #config: Config;
  #socket: PublishedSocket | undefined;
  #isEnding = false;
  #isSucceeded = false;

  /** Throws ConfigError where the configuration can't be used. */
  constructor(options: AgentOptions) {
    this.#options = options;
    this.#config = loadConfig(options.config);
    this.#log = options.createLog(() => this.#config.agent.logLevel);
    const { env } = options.config;
    const common = { clock: options.clock, env, log: this.#log };
    this.#sessions = new AgentSessions({
      ...common,
      passphrase: options.passphrase,
      environmentSecrets: options.environmentSecrets,
      addresses: () => this.#doors.addresses(),
      timed: (issue) => this.#reports.observation.timed(issue),
      inheritance: () => this.#cache.opening,
      onEvent: (type, keeper) => {
        this.#loop.wake();
        this.#cache.changed();
        this.#reports.happened(type, keeper);
      },
      onNarrowed: (role, outcome) => this.#reports.narrowed(role, outcome),
    });
    this.#reports = new AgentReports({
      ...common,
      sessions: this.#sessions,
      config: () => this.#config,
      endpoints: () => this.#doors.status(),
      openConnections: async () =>
        new Map([["agent", await openConnections(this.#server)], ...(await this.#doors.connections())]),
      isLocked: () => this.#locking.lock.lockedAt !== undefined,
    });
    this.#confirming = new AgentConfirming({ ...common, reports: this.#reports });
    const estate = options.predecessor?.estate;
    this.#locking = new AgentLocking({
      ...common,
      sessions: this.#sessions,
      state: estate?.lock,
      onLocked: () => {
        this.#confirming.confirmations.lock();
        this.#cache.drop();
        options.predecessor?.silence();
      },
      onUnlocked: () => this.#loop.wake(),
    });
    this.#loop = new RenewalLoop(this.#sessions.keepers, options.clock);
    this.#cache = new AgentCache({
      options,
      log: this.#log,
      sessions: this.#sessions,
      config: () => this.#config,
      onTakenUp: (keepers) => {
        this.#reports.takenUp(keepers);
        this.#loop.wake();
      },
    });
    const descriptors = descriptorLimit();
    const imdsKey = estate === undefined ? newImdsKey() : Buffer.from(estate.imdsKey, "base64");
    const { audit, observation } = this.#reports;
    this.#mayHave = confirming({
      confirmations: this.#confirming.confirmations,
      lock: this.#locking.lock,
      clock: options.clock,
    });
    this.#doors = new Doors({
      ...options,
      ...common,
      imdsKey,
      keepers: this.#sessions.keepers,
      audit,
      observation,
      requestCounts: (type) => observation.requestCounts(type),
      lock: this.#locking.lock,
      mayHave: this.#mayHave,
      descriptors,
    });
    const counts = observation.requestCounts("agent");
    this.#server = httpServer(this.#endpoint(), counts, identifyPeer);
    // A program that holds on to connections must not keep the owner's own commands out.
    new Connections(this.#server).keepAtMost(agentSocketShare(descriptors), () => (counts.dropped += 1));
    admitOwnClients(this.#server, counts);
    const parts = { sessions: this.#sessions, locking: this.#locking, doors: this.#doors, imdsKey };
    this.#handover = new Handover({
      isInBackground: options.isInBackground && options.activation === undefined,
      estate: () => estateOf(options, { ...parts, config: this.#config, cacheKey: this.#cache.key }),
      config: () => this.#config,
      listenerAt: (place) => this.#doors.listenerOf(place),
      isEnding: () => this.#isEnding || this.#socket?.isOurs() !== true,
      onSucceeded: () => this.#succeeded(),
      onSilenced: () => this.#sessions.lock(),
    });
  }

  /**
   * Serves until it is stopped, succeeded, or nobody can reach it any more. Rejects with AlreadyServed where another
   * agent has the socket, with a RoleAgentError that says what is wrong with the socket's path, or where the process that
   * it was to succeed goes on itself.
   */
  async run(): Promise<void> {
    const { socketPath, predecessor, activation } = this.#options;
    this.#socket =
      (await predecessor?.listenBeside(socketPath, this.#server)) ??
      (await activation?.listenAtPath(socketPath, this.#server)) ??
      (await listenOnSocket(this.#server, socketPath));
    // Its child loads the AWS SDK while this process opens its doors.
    if (predecessor === undefined && this.#config.agent.prefetch.length > 0) this.#sessions.prepare();
    try {
      const estate = predecessor?.estate;
      await this.#apply(this.#config, estate);
      activation?.closeRest(this.#log);
      await predecessor?.succeed();
      if (estate !== undefined) this.#cache.resume(estate, this.#config.agent);
      await this.#serve(this.#socket);
    } finally {
      await this.#end(this.#socket);
    }
  }

  async #serve(socket: PublishedSocket): Promise<void> {
    this.#reports.audit.started(packageVersion());
    this.#log.info(`serving ${this.#config.roles.size} roles at ${this.#options.socketPath}`);
    const watch = setInterval(() => {
      this.#checkOwnership(socket);
      this.#locking.lock.lockIfIdle();
    }, checkMs);
    await this.#loop.run();
    clearInterval(watch);
  }

  async #end(socket: PublishedSocket): Promise<void> {
    // The path goes first, so that no new client comes while the last ones are answered.
    socket.unpublish();
    this.#reports.events.end();
    if (this.#isSucceeded) await Promise.all([sendClientsOn(this.#server), this.#doors.sendClientsOn()]);
    await Promise.all([this.#doors.close(), closeGracefully(this.#server)]);
    await Promise.all([this.#sessions.stop(), this.#cache.close()]);
    await this.#reports.close();
    this.#log.info("stopped");
  }

  /** Ends `run` after the answers that are under way. */
  stop(peer?: PeerIdentity): void {
    this.#reports.audit.acted("stop", { peer });
    this.#leave();
  }

  /**
   * Has the program that is installed now go on in the place of this process. Rejects with `InvalidRequest` where that
   * can't be, and this one goes on.
   */
  async restart(peer?: PeerIdentity): Promise<void> {
    try {
      await this.#handover.run();
      this.#reports.audit.acted("restart", { peer });
    } catch (error) {
      this.#reports.audit.acted("restart", { peer, error });
      this.#log.error(`not restarted: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  }

  #succeeded(): void {
    this.#isSucceeded = true;
    this.#cache.leave();
    this.#log.info("another process is the agent from now on");
    this.#leave();
  }

  #leave(): void {
    this.#isEnding = true;
    // Who waits for an answer asks the next process again.
    if (!this.#isSucceeded) this.#confirming.confirmations.end();
    this.#locking.end();
    this.#loop.stop();
  }

  /** Reads the configuration again. Rejects with ConfigError if it is broken; the old one stays in force then. */
  async reload(peer?: PeerIdentity): Promise<void> {
    try {
      await this.#apply(loadConfig(this.#options.config));
      this.#reports.audit.acted("reload", { peer });
      this.#log.info(`configuration reloaded: ${this.#config.roles.size} roles`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#reports.audit.acted("reload", { peer, error });
      this.#log.error(`configuration not reloaded, the old one stays in force: ${why}`);
      throw error;
    }
  }

  async #apply(config: Config, estate?: Estate): Promise<void> {
    this.#config = config;
    this.#reports.apply(config);
    this.#confirming.apply(config);
    this.#sessions.keepers.apply({ roles: config.roles, ...config.agent });
    if (estate !== undefined) {
      this.#locking.resume(estate.isLockedWithScreen);
      this.#log.info(`going on with ${this.#sessions.adopt(estate)} sessions of the agent before`);
    } else this.#cache.use(config.agent);
    this.#loop.wake();
    await this.#doors.apply(config);
  }

  #endpoint(): ReturnType<typeof agentApi> {
    const { clock } = this.#options;
    const facts = agentFacts(this.#options);
    const { keepers, scoped, clockWatch } = this.#sessions;
    const { events, audit, observation } = this.#reports;
    return agentApi({
      keepers,
      status: () => ({
        ...agentStatus(facts, this.#config.roles, keepers, clockWatch.skewSeconds, clock.now()),
        ...this.#locking.status(),
        ...this.#confirming.status(),
        sessionCache: this.#cache.status,
        endpoints: this.#doors.status(),
        hardening: agentHardening({
          server: this.#server,
          reaches: this.#doors.reaches(),
          isUnsafe: this.#options.unsafeDebug,
        }),
      }),
      scopedSessions: scoped,
      roles: () => roleList(this.#config.roles.values()),
      reload: (peer) => this.#reloadForClient(peer),
      restart: (peer) => this.restart(peer),
      stop: (peer) => this.stop(peer),
      events,
      audit,
      observation,
      confirmations: this.#confirming.confirmations,
      mayHave: this.#mayHave,
      lock: this.#locking.lock,
      followScreen: () => this.#locking.screen.follow(),
    });
  }

  async #reloadForClient(peer: PeerIdentity | undefined): Promise<void> {
    try {
      await this.reload(peer);
    } catch (error) {
      throw error instanceof ConfigError ? new RoleAgentError("InvalidConfiguration", error.message) : error;
    }
  }

  #checkOwnership(socket: PublishedSocket): void {
    if (socket.isOurs()) return;
    this.#log.warn(
      `${this.#options.socketPath} was removed or taken over: nobody can reach this agent any more`,
    );
    this.#loop.stop();
  }
}
