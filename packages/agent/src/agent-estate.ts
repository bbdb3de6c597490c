import type { AgentLocking } from "./agent-locking.ts";
import type { AgentOptions } from "./agent-options.ts";
import type { AgentSessions } from "./agent-sessions.ts";
import type { Config } from "./config/config.ts";
import type { Doors } from "./doors/doors.ts";
import type { Estate } from "./handover/estate.ts";
import { revealSecrets } from "./issuer/environment-secrets.ts";

/** The parts of an agent that leave something to the next process. */
export interface AgentParts {
  readonly config: Config;
  readonly sessions: AgentSessions;
  readonly locking: AgentLocking;
  readonly doors: Doors;
  /** Seals the tokens of IMDS. */
  readonly imdsKey: Buffer;
  /** Opens the session cache. */
  readonly cacheKey: Buffer | undefined;
}

/** What an agent leaves. Throws `InvalidRequest` while a passphrase is being looked at. */
export function estateOf(
  { socketPath, config: { identity }, passphrase, environmentSecrets }: AgentOptions,
  { config, sessions, locking, doors, imdsKey, cacheKey }: AgentParts,
): Estate {
  return {
    sessionPid: identity.pid,
    ...(passphrase !== undefined && { passphrase: passphrase.reveal() }),
    environment: revealSecrets(environmentSecrets),
    imdsKey: imdsKey.toString("base64"),
    ...(cacheKey && { cacheKey: cacheKey.toString("base64") }),
    roles: [...config.roles.values()],
    kept: sessions.keepers.kept(),
    lock: locking.lock.state(),
    isLockedWithScreen: locking.screen.isFollowing,
    sockets: [socketPath, ...doors.sockets()],
  };
}
