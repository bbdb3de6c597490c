import type { KeyStoreName, Role, SsoSignIn } from "../core/role.ts";
import type { EndpointConfig } from "./endpoint-config.ts";
import type { SsoProblem } from "./sso-sign-ins.ts";

/** The `[agent]` table with every default filled in. */
export interface AgentSettings {
  /** Whether the profiles of the AWS shared config are served as roles. */
  readonly profiles: boolean;
  /** Roles that are kept fresh from the start; those of endpoints are. */
  readonly prefetch: readonly string[];
  /** A role that nobody asked for this long is no longer renewed. Milliseconds. */
  readonly idleTimeoutMs: number;
  /** Where `role-agent keys` keeps long-term keys. */
  readonly keyStore: KeyStoreName;
  /** Held sessions are kept sealed on disk, for the agent that comes after this one was killed. */
  readonly sessionCache: boolean;
  /** Path of the audit log, absolute once the configuration is built; false for none; in its usual place where absent. */
  readonly auditLog?: string | false;
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

/** Everything the agent is told by config.toml and the AWS shared config. It holds no secret. */
export interface Config {
  readonly agent: AgentSettings;
  /** Roles by name: those of config.toml in its order, then the profiles'. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Doors beside the agent socket, in the order of config.toml. */
  readonly endpoints: readonly EndpointConfig[];
  /** Every `[sso-session NAME]` of the AWS shared config. */
  readonly ssoSessions: ReadonlyMap<string, SsoSignIn | SsoProblem>;
  /** What was skipped or looks wrong without stopping the agent, one line each. */
  readonly warnings: readonly string[];
}

/** One thing that is wrong, and where. */
export interface ConfigProblem {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  /** `roles.deploy.duration_seconds` */
  readonly key?: string;
  /** What is wrong. It never quotes a value that could be a secret. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** More lines than anybody reads at once. */
const mostLines = 50;

/**
 * The configuration can't be used. `message` is the text for a person: a line for each problem, in the order of
 * the file, fifty at most.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const inOrder = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    const lines = inOrder.slice(0, mostLines).map(formatProblem);
    const more = inOrder.length - lines.length;
    super([...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n"));
    this.problems = inOrder;
  }
}

/** `FILE:LINE: KEY: what is wrong; what to do` */
export function formatProblem({ file, line, key, message, hint }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${key === undefined ? "" : `${key}: `}${message}${hint === undefined ? "" : `; ${hint}`}`;
}
