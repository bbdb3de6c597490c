import { estateOf } from "./agent-estate.ts";
import type { AgentOptions } from "./agent-options.ts";
import { agentParts, type AgentParts } from "./agent-parts.ts";
import type { AgentActions } from "./agent-server.ts";
import type { Config } from "./config/config.ts";
import { loadConfig } from "./config/load.ts";
import type { PeerIdentity } from "./endpoints/peer-identity.ts";
import type { Estate } from "./handover/estate.ts";
import { Handover } from "./handover/handover.ts";
import { closeGracefully, sendClientsOn } from "./system/http-server.ts";
import { listenOnSocket, type PublishedSocket } from "./system/socket.ts";
import { packageVersion } from "./version.ts";

/** How often it looks whether the socket is still its own, and whether anybody still uses it. */
const checkMs = 5000;

/** One agent: the configuration in force, a keeper for each role, and the agent socket. */
export class Agent implements AgentActions {
  readonly #options: AgentOptions;
  readonly #parts: AgentParts;
  readonly #handover: Handover;
  #config: Config;
  #socket: PublishedSocket | undefined;
  #isEnding = false;
  #isSucceeded = false;

  /** Throws ConfigError where the configuration can't be used. */
  constructor(options: AgentOptions) {
    this.#options = options;
    this.#config = loadConfig(options.config);
    const parts = agentParts(options, () => this.#config, this);
    this.#parts = parts;
    this.#handover = new Handover({
      isInBackground: options.isInBackground && options.activation === undefined,
      estate: () => estateOf(options, this.#config, parts),
      config: () => this.#config,
      listenerAt: (place) => parts.doors.listenerOf(place),
      isEnding: () => this.#isEnding || this.#socket?.isOurs() !== true,
      onSucceeded: () => this.#succeeded(),
      onSilenced: () => parts.sessions.lock(),
    });
  }

  /**
   * Serves until it is stopped, succeeded, or nobody can reach it any more. Rejects with AlreadyServed where another
   * agent has the socket, with a RoleAgentError that says what is wrong with the socket's path, or where the process that
   * it was to succeed goes on itself.
   */
  async run(): Promise<void> {
    const { socketPath, predecessor, activation } = this.#options;
    const { server, sessions, cache } = this.#parts;
    this.#socket =
      (await predecessor?.listenBeside(socketPath, server)) ??
      (await activation?.listenAtPath(socketPath, server)) ??
      (await listenOnSocket(server, socketPath));
    try {
      const estate = predecessor?.estate;
      await this.#apply(this.#config, estate);
      // Its child loads the AWS SDK: with the doors open, since clients wait there for a second at most.
      if (predecessor === undefined && this.#config.agent.prefetch.length > 0) sessions.prepare();
      await predecessor?.succeed();
      if (estate !== undefined) cache.resume(estate, this.#config.agent);
      await this.#serve(this.#socket);
    } finally {
      await this.#end(this.#socket);
    }
  }

  async #serve(socket: PublishedSocket): Promise<void> {
    const { reports, log, locking, loop } = this.#parts;
    reports.audit.started(packageVersion());
    log.info(`serving ${this.#config.roles.size} roles at ${this.#options.socketPath}`);
    const watch = setInterval(() => {
      this.#checkOwnership(socket);
      locking.lock.lockIfIdle();
    }, checkMs);
    await loop.run();
    clearInterval(watch);
  }

  async #end(socket: PublishedSocket): Promise<void> {
    const { server, doors, sessions, cache, reports, log } = this.#parts;
    // Also where it never served, since its predecessor was gone: nothing is to keep the process from ending.
    this.#leave();
    // The path goes first, so that no new client comes while the last ones are answered.
    socket.unpublish();
    reports.events.end();
    if (this.#isSucceeded) await Promise.all([sendClientsOn(server), doors.sendClientsOn()]);
    await Promise.all([doors.close(), closeGracefully(server)]);
    await Promise.all([sessions.stop(), cache.close()]);
    await reports.close();
    log.info("stopped");
  }

  /** Ends `run` after the answers that are under way. */
  stop(peer?: PeerIdentity): void {
    this.#parts.reports.audit.acted("stop", { peer });
    this.#leave();
  }

  /**
   * Has the program that is installed now go on in the place of this process. Rejects with `InvalidRequest` where that
   * can't be, and this one goes on.
   */
  async restart(peer?: PeerIdentity): Promise<void> {
    const { reports, log } = this.#parts;
    try {
      await this.#handover.run();
      reports.audit.acted("restart", { peer });
    } catch (error) {
      reports.audit.acted("restart", { peer, error });
      log.error(`not restarted: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  }

  #succeeded(): void {
    const { cache, log } = this.#parts;
    this.#isSucceeded = true;
    cache.leave();
    log.info("another process is the agent from now on");
    this.#leave();
  }

  #leave(): void {
    const { confirming, locking, loop } = this.#parts;
    this.#isEnding = true;
    if (this.#isSucceeded) confirming.confirmations.leave();
    else confirming.confirmations.end();
    locking.end();
    loop.stop();
  }

  /** Reads the configuration again. Rejects with ConfigError if it is broken; the old one stays in force then. */
  async reload(peer?: PeerIdentity): Promise<void> {
    const { reports, log } = this.#parts;
    try {
      await this.#apply(loadConfig(this.#options.config));
      reports.audit.acted("reload", { peer });
      log.info(`configuration reloaded: ${this.#config.roles.size} roles`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      reports.audit.acted("reload", { peer, error });
      log.error(`configuration not reloaded, the old one stays in force: ${why}`);
      throw error;
    }
  }

  async #apply(config: Config, estate?: Estate): Promise<void> {
    const { reports, confirming, sessions, locking, cache, loop, doors, log } = this.#parts;
    this.#config = config;
    reports.apply(config);
    confirming.apply(config);
    sessions.keepers.apply({ roles: config.roles, ...config.agent });
    if (estate !== undefined) {
      locking.resume(estate.isLockedWithScreen);
      log.info(`going on with ${sessions.adopt(estate)} sessions of the agent before`);
    } else cache.use(config.agent);
    loop.wake();
    await doors.apply(config);
    this.#options.activation?.closeRest(doors.places, log);
  }

  #checkOwnership(socket: PublishedSocket): void {
    if (socket.isOurs()) return;
    this.#parts.log.warn(
      `${this.#options.socketPath} was removed or taken over: nobody can reach this agent any more`,
    );
    this.#leave();
  }
}
