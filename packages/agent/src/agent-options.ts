import { resolve } from "node:path";
import { configPath, type LoadOptions } from "./config/load.ts";
import type { Clock } from "./core/clock.ts";
import type { Secret } from "./core/secret.ts";
import { utcSeconds } from "./core/session.ts";
import type { Predecessor } from "./handover/predecessor.ts";
import type { AgentFacts } from "./status.ts";
import type { EnvironmentSecrets } from "./issuer/environment-secrets.ts";
import type { Activation } from "./system/activation.ts";
import type { Log, LogLevel } from "./system/log.ts";
import { packageVersion } from "./version.ts";

/** What an agent is started with. */
export interface AgentOptions {
  readonly socketPath: string;
  readonly config: LoadOptions;
  readonly clock: Clock;
  /** Opens the encrypted key file; it goes to the issuer with each job that needs it. */
  readonly passphrase?: Secret;
  /** Taken out of the environment that `config` has. */
  readonly environmentSecrets: EnvironmentSecrets;
  /** The process that this one is to succeed. */
  readonly predecessor?: Predecessor;
  /** The sockets that a service manager holds for it. */
  readonly activation?: Activation;
  /** Nobody waits for this very process, so that another one may succeed it. */
  readonly isInBackground: boolean;
  /** It is to be looked into, so that its memory stays open. */
  readonly unsafeDebug: boolean;
  readonly createLog: (level: () => LogLevel) => Log;
}

/** What `status` tells of the process. */
export function agentFacts({ socketPath, config, clock }: AgentOptions): AgentFacts {
  return {
    version: packageVersion(),
    pid: process.pid,
    socket: socketPath,
    config: configFile(config),
    startedAt: utcSeconds(clock.now().wall),
  };
}

/** The path of config.toml, absolute, whether it is there or not. */
export function configFile(config: LoadOptions): string {
  return resolve(config.configPath ?? configPath(config.env, config.home));
}
