import type { Server } from "node:http";
import { join, resolve } from "node:path";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { RoleEventType } from "@role-agent/provider/protocol";
import { AgentObservation } from "./agent-observation.ts";
import { Audit } from "./audit/audit.ts";
import { AuditLog } from "./audit/audit-log.ts";
import { ConfigError, type Config } from "./config/config.ts";
import { configPath, loadConfig, type LoadOptions } from "./config/load.ts";
import { AgentLock } from "./core/agent-lock.ts";
import type { Clock } from "./core/clock.ts";
import { ClockWatch } from "./core/clock-watch.ts";
import { agentSocketShare } from "./core/connection-shares.ts";
import type { Keeper } from "./core/keeper.ts";
import { KeeperTable } from "./core/keeper-table.ts";
import { needsPassphrase } from "./core/role.ts";
import { RenewalLoop } from "./core/renewal-loop.ts";
import { ScopedSessions } from "./core/scoped-sessions.ts";
import { utcSeconds } from "./core/session.ts";
import { Doors } from "./doors/doors.ts";
import { agentApi } from "./endpoints/agent-api.ts";
import type { PeerIdentity } from "./endpoints/peer-identity.ts";
import { Issuer } from "./issuer/issuer.ts";
import { refuseOwnSource } from "./own-source.ts";
import { RoleEvents } from "./role-events.ts";
import { agentStatus, lockStatus, roleList, roleStatus, type AgentFacts } from "./status.ts";
import { descriptorLimit } from "./system/descriptor-limit.ts";
import { closeGracefully, httpServer, openConnections } from "./system/http-server.ts";
import type { Log, LogLevel } from "./system/log.ts";
import { desktopNotification } from "./issuer/notification.ts";
import { watchScreen } from "./issuer/screen-watch.ts";
import { ScreenLock } from "./screen-lock.ts";
import { sealPassphrase } from "./system/passphrase-seal.ts";
import { listenOnSocket, type PublishedSocket } from "./system/socket.ts";
import { stateDirectory } from "./system/state-directory.ts";
import { packageVersion } from "./version.ts";

/** What an agent is started with. */
export interface AgentOptions {
  readonly socketPath: string;
  readonly config: LoadOptions;
  readonly clock: Clock;
  /** Opens the encrypted key file; it goes to the issuer with each job that needs it. */
  readonly passphrase?: string;
  readonly createLog: (level: () => LogLevel) => Log;
}

/** How often it looks whether the socket is still its own, and whether anybody still uses it. */
const checkMs = 5000;

/** One agent: the configuration in force, a keeper for each role, and the agent socket. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #log: Log;
  readonly #issuer: Issuer;
  readonly #keepers: KeeperTable;
  readonly #scopedSessions: ScopedSessions;
  readonly #loop: RenewalLoop;
  readonly #server: Server;
  readonly #doors: Doors;
  readonly #events: RoleEvents;
  readonly #auditLog: AuditLog;
  readonly #audit: Audit;
  readonly #observation: AgentObservation;
  readonly #clock = new ClockWatch();
  readonly #lock: AgentLock;
  readonly #screen: ScreenLock;
  #config: Config;

  /** Throws ConfigError where the configuration can't be used. */
  constructor(options: AgentOptions) {
    this.#options = options;
    this.#config = loadConfig(options.config);
    this.#log = options.createLog(() => this.#config.agent.logLevel);
    const { env } = options.config;
    this.#events = new RoleEvents({ log: this.#log, notify: desktopNotification(env) });
    this.#auditLog = new AuditLog({ clock: options.clock, log: this.#log });
    this.#audit = new Audit({
      clock: options.clock,
      write: (line) => this.#auditLog.write(line),
      roleOf: (name) => this.#config.roles.get(name),
    });
    this.#issuer = new Issuer({ env });
    this.#keepers = new KeeperTable({
      clock: options.clock,
      issue: async (role, source, input, held) => {
        refuseOwnSource(role, env, this.#doors.addresses());
        const request = {
          role,
          ...(source && { source }),
          ...(input && { input }),
          ...(held && { heldKey: held.accessKeyId }),
          ...(needsPassphrase(role) && { passphrase: options.passphrase }),
        };
        const session = await this.#observation.timed(() => this.#issuer.issue(request));
        return this.#clock.corrected(session);
      },
      fileMark: (path) => this.#issuer.signInMark(path),
      onEvent: (type, keeper) => this.#happened(type, keeper),
    });
    this.#scopedSessions = new ScopedSessions({
      clock: options.clock,
      issue: (role, scope) => this.#keepers.narrowed(role, scope),
      onAttempt: (role, outcome) => {
        this.#events.reportNarrowed(role, outcome);
        this.#audit.narrowed(role, outcome);
      },
    });
    this.#lock = new AgentLock({
      clock: options.clock,
      sealPassphrase,
      onLocked: () => this.#locked(),
      onUnlocked: () => this.#unlocked(),
      onWrongPassphrase: (tries) => this.#log.warn(`unlock: wrong passphrase, ${tries} in a row`),
    });
    this.#screen = new ScreenLock({
      lock: this.#lock,
      watch: (events) => watchScreen(env, events),
      log: this.#log,
    });
    this.#loop = new RenewalLoop(this.#keepers, options.clock);
    this.#observation = this.#observe();
    const descriptors = descriptorLimit();
    this.#doors = new Doors({
      ...options,
      env,
      keepers: this.#keepers,
      log: this.#log,
      audit: this.#audit,
      observation: this.#observation,
      requestCounts: (type) => this.#observation.requestCounts(type),
      lock: this.#lock,
      descriptors,
    });
    this.#server = httpServer(this.#endpoint(), this.#observation.requestCounts("agent"));
    this.#server.maxConnections = agentSocketShare(descriptors);
  }

  /**
   * Serves until it is stopped or nobody can reach it any more. Rejects with AlreadyServed where another agent has the
   * socket, or with a RoleAgentError that says what is wrong with the socket's path.
   */
  async run(): Promise<void> {
    const { socketPath } = this.#options;
    const socket = await listenOnSocket(this.#server, socketPath);
    await this.#apply(this.#config);
    this.#audit.started(packageVersion());
    this.#log.info(`serving ${this.#config.roles.size} roles at ${socketPath}`);
    const watch = setInterval(() => {
      this.#checkOwnership(socket);
      this.#lock.lockIfIdle();
    }, checkMs);
    await this.#loop.run();
    clearInterval(watch);
    // The path goes first, so that no new client comes while the last ones are answered.
    socket.unpublish();
    this.#events.end();
    await Promise.all([this.#doors.close(), closeGracefully(this.#server)]);
    await this.#issuer.stop();
    this.#audit.stopped();
    await this.#auditLog.close();
    this.#log.info("stopped");
  }

  /** Ends `run` after the answers that are under way. */
  stop(peer?: PeerIdentity): void {
    this.#audit.acted("stop", { peer });
    this.#lock.close();
    this.#screen.end();
    this.#loop.stop();
  }

  /** Reads the configuration again. Rejects with ConfigError if it is broken; the old one stays in force then. */
  async reload(peer?: PeerIdentity): Promise<void> {
    try {
      await this.#apply(loadConfig(this.#options.config));
      this.#audit.acted("reload", { peer });
      this.#log.info(`configuration reloaded: ${this.#config.roles.size} roles`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#audit.acted("reload", { peer, error });
      this.#log.error(`configuration not reloaded, the old one stays in force: ${why}`);
      throw error;
    }
  }

  async #apply(config: Config): Promise<void> {
    this.#config = config;
    const { env } = this.#options.config;
    const { auditLog = join(stateDirectory(env), "audit.log") } = config.agent;
    this.#auditLog.use(auditLog === false ? undefined : auditLog);
    for (const warning of config.warnings) this.#log.warn(warning);
    this.#keepers.apply({ roles: config.roles, ...config.agent });
    this.#events.keepOnly(config.roles);
    this.#observation.keepOnly(config.roles);
    this.#loop.wake();
    await this.#doors.apply(config);
  }

  #endpoint(): ReturnType<typeof agentApi> {
    const { clock, socketPath, config } = this.#options;
    const facts: AgentFacts = {
      version: packageVersion(),
      pid: process.pid,
      socket: socketPath,
      config: resolve(config.configPath ?? configPath(config.env, config.home)),
      startedAt: utcSeconds(clock.now().wall),
    };
    return agentApi({
      keepers: this.#keepers,
      status: () => ({
        ...agentStatus(facts, this.#config.roles, this.#keepers, this.#clock.skewSeconds, clock.now()),
        ...lockStatus(this.#lock),
        lockWithScreen: this.#screen.isFollowing,
        endpoints: this.#doors.status(),
      }),
      events: this.#events,
      scopedSessions: this.#scopedSessions,
      roles: () => roleList(this.#config.roles.values()),
      reload: (peer) => this.#reloadForClient(peer),
      stop: (peer) => this.stop(peer),
      audit: this.#audit,
      observation: this.#observation,
      lock: this.#lock,
      followScreen: () => this.#screen.follow(),
    });
  }

  #observe(): AgentObservation {
    return new AgentObservation({
      clock: this.#options.clock,
      keepers: this.#keepers,
      kept: () => this.#config.agent.prefetch,
      endpoints: () => this.#doors.status(),
      openConnections: async () =>
        new Map([
          ["agent" as const, await openConnections(this.#server)],
          ...(await this.#doors.connections()),
        ]),
      clockSkewSeconds: () => this.#clock.skewSeconds,
      auditLines: this.#auditLog.counts,
      onRefusal: (door) => (answer, peer) => this.#audit.refused(door, answer, peer),
    });
  }

  async #reloadForClient(peer: PeerIdentity | undefined): Promise<void> {
    try {
      await this.reload(peer);
    } catch (error) {
      throw error instanceof ConfigError ? new RoleAgentError("InvalidConfiguration", error.message) : error;
    }
  }

  #locked(): void {
    // The issuer's child has the keys that jobs under way are done with.
    void this.#issuer.stop("the agent was locked");
    this.#keepers.lock();
    this.#scopedSessions.forget();
    this.#log.info("locked: all sessions are dropped");
  }

  #unlocked(): void {
    this.#keepers.unlock();
    this.#loop.wake();
    this.#log.info("unlocked");
  }

  #happened(type: RoleEventType, keeper: Keeper): void {
    this.#loop.wake();
    this.#observation.happened(type, keeper);
    this.#audit.happened(type, keeper);
    const now = this.#options.clock.now();
    const status = roleStatus(keeper, this.#config.roles, this.#keepers, now);
    this.#events.report(type, status, utcSeconds(now.wall));
    const { held, failure } = keeper.state;
    const notice =
      held === undefined || failure !== undefined ? undefined : this.#clock.observe(held.session);
    if (notice !== undefined) this.#log.warn(notice);
  }

  #checkOwnership(socket: PublishedSocket): void {
    if (socket.isOurs()) return;
    this.#log.warn(
      `${this.#options.socketPath} was removed or taken over: nobody can reach this agent any more`,
    );
    this.#loop.stop();
  }
}
