import type { SessionCacheStatus } from "@role-agent/provider/protocol";
import { configFile, type AgentOptions } from "./agent-options.ts";
import type { AgentSessions } from "./agent-sessions.ts";
import type { AgentSettings, Config } from "./config/config.ts";
import type { Keeper } from "./core/keeper.ts";
import type { Estate } from "./handover/estate.ts";
import { readCacheKey, removeCacheKey, type CacheKeyPlace } from "./issuer/cache-key.ts";
import { revealSecrets } from "./issuer/environment-secrets.ts";
import { environmentDigest } from "./session-cache/cached-sessions.ts";
import { heldSessions } from "./session-cache/held-sessions.ts";
import { cacheName, sealedFilePath } from "./session-cache/sealed-file.ts";
import { SessionCache } from "./session-cache/session-cache.ts";
import { bootId } from "./system/boot-id.ts";
import type { Log } from "./system/log.ts";
import { stateDirectory } from "./system/state-directory.ts";

type CacheSettings = Pick<AgentSettings, "sessionCache" | "keyStore">;

/** What the session cache of an agent is made with. */
export interface AgentCacheOptions {
  readonly options: AgentOptions;
  readonly log: Log;
  readonly sessions: AgentSessions;
  /** The one in force. */
  readonly config: () => Config;
  /** These roles go on with sessions of the agent before. */
  readonly onTakenUp: (keepers: readonly Keeper[]) => void;
}

/** The session cache of an agent, as the configuration in force wants it. */
export class AgentCache {
  readonly #cache: SessionCache;
  #settings: CacheSettings | undefined;

  constructor({ options, log, sessions, config, onTakenUp }: AgentCacheOptions) {
    const { clock, config: loadOptions, passphrase, environmentSecrets, socketPath } = options;
    const { env, uid } = loadOptions;
    const keyPlace = (): CacheKeyPlace => ({
      store: config().agent.keyStore,
      name: cacheName(socketPath),
      passphrase: passphrase?.reveal(),
      env,
    });
    this.#cache = new SessionCache({
      clock,
      environment: environmentDigest({ ...env, ...revealSecrets(environmentSecrets) }),
      log,
      path: sealedFilePath(stateDirectory(env), socketPath),
      place: { uid, socketPath, configPath: configFile(loadOptions) },
      boot: bootId(),
      readKey: async (signal) => readCacheKey(keyPlace(), signal),
      removeKey: async (signal) => removeCacheKey(keyPlace(), signal),
      held: () => heldSessions(sessions.keepers.kept(), config().roles),
      takeUp: (left) => {
        const keepers = sessions.takeUp(left);
        onTakenUp(keepers);
        return keepers.length;
      },
    });
  }

  /** Pending while sessions may come out of it. */
  get opening(): Promise<void> | undefined {
    return this.#cache.opening;
  }

  /** For the process that succeeds this one. */
  get key(): Buffer | undefined {
    return this.#cache.key;
  }

  get status(): SessionCacheStatus | null {
    return this.#cache.status;
  }

  /** Takes a configuration: the first one, or another. */
  use({ sessionCache, keyStore }: CacheSettings): void {
    const before = this.#settings;
    this.#settings = { sessionCache, keyStore };
    if (before?.sessionCache === sessionCache && before.keyStore === keyStore) {
      this.#cache.retry();
      this.#cache.changed();
      return;
    }
    // Its key is in the other store.
    if (before?.sessionCache === true || !sessionCache) this.#cache.shut();
    if (!sessionCache) return;
    this.#cache.open();
    this.#cache.changed();
  }

  /** Goes on as the process before has left it. */
  resume({ cacheKey }: Estate, { sessionCache, keyStore }: CacheSettings): void {
    this.#settings = { sessionCache, keyStore };
    if (!sessionCache) this.#cache.shut();
    else if (cacheKey !== undefined) this.#cache.resume(Buffer.from(cacheKey, "base64"));
    // Without a key the process before has neither read nor written the file.
    else this.#cache.open();
  }

  /** What is held is another. */
  changed(): void {
    this.#cache.changed();
  }

  /** The agent was locked. */
  drop(): void {
    this.#cache.drop();
  }

  /** Another process is the agent. */
  leave(): void {
    this.#cache.leave();
  }

  /** The agent ends, and leaves the file. */
  async close(): Promise<void> {
    await this.#cache.close();
  }
}
