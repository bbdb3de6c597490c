import type { AgentOptions } from "./agent-options.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { Config } from "./config/config.ts";
import type { Estate } from "./handover/estate.ts";
import { revealSecrets } from "./issuer/environment-secrets.ts";

/** What an agent leaves. Throws `InvalidRequest` while a passphrase is being looked at. */
export function estateOf(
  { socketPath, config: { identity }, passphrase, environmentSecrets }: AgentOptions,
  { roles }: Config,
  { sessions, locking, doors, imdsKey, cache: { key } }: AgentParts,
): Estate {
  return {
    sessionPid: identity.pid,
    ...(passphrase !== undefined && { passphrase: passphrase.reveal() }),
    environment: revealSecrets(environmentSecrets),
    imdsKey: imdsKey.toString("base64"),
    ...(key && { cacheKey: key.toString("base64") }),
    roles: [...roles.values()],
    kept: sessions.keepers.kept(),
    lock: locking.lock.state(),
    isLockedWithScreen: locking.screen.isFollowing,
    sockets: [socketPath, ...doors.sockets()],
  };
}
