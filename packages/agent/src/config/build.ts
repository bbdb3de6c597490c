import { parentOf } from "../core/role.ts";
import type { Role } from "../core/role.ts";
import type { AwsProfiles } from "./aws-profiles.ts";
import { capChains } from "./cap-chains.ts";
import { ConfigError } from "./config.ts";
import type { Config, ConfigProblem } from "./config.ts";
import { configRoles } from "./config-roles.ts";
import { rolesOf } from "./endpoint-config.ts";
import { buildEndpoints } from "./endpoints.ts";
import { didYouMean } from "./explain.ts";
import { inheritEndpoints } from "./inherit-endpoint.ts";
import { refuseOwnProcesses } from "./own-process.ts";
import { MfaSessions } from "./mfa-sessions.ts";
import type { ParsedConfig } from "./parse.ts";
import { ProfileResolver } from "./profile-roles.ts";
import type { ReadPolicy } from "./role-builder.ts";
import { profilePrefix } from "./role-name.ts";
import type { Identity } from "./session-name.ts";
import { SsoSignIns } from "./sso-sign-ins.ts";
import { quoted } from "./words.ts";

/** Everything that was read. */
export interface Sources {
  readonly parsed: ParsedConfig;
  readonly aws: AwsProfiles;
  readonly identity: Identity;
  readonly readPolicy: ReadPolicy;
  readonly resolvePath: (path: string) => string;
  readonly loginTokenFile: (loginSession: string) => string;
  readonly socketPath: string;
}

/**
 * Puts config.toml and the profiles together: a role of config.toml wins over a profile of its name. Where a
 * chain needs a profile that has no name of its own (that one, or any under `profiles = false`), its role is
 * there as `profile NAME`.
 * @throws ConfigError with what is wrong between the tables of config.toml.
 */
export function buildConfig(sources: Sources): Config {
  const { parsed, aws, identity, readPolicy, resolvePath, loginTokenFile, socketPath } = sources;
  const { agent, roles: tables, explain } = parsed;
  const isServed = (profile: string): boolean => agent.profiles && !tables.has(profile);
  const roleName = (profile: string): string => (isServed(profile) ? profile : profilePrefix + profile);
  const mfaSessions = new MfaSessions();
  const ssoSignIns = new SsoSignIns(aws.ssoSessions, resolvePath);
  const resolver = new ProfileResolver({
    profiles: aws.profiles,
    roleName,
    identity,
    mfaSessions,
    ssoSignIns,
    loginTokenFile,
  });
  const roleNames = new Set([...tables.keys(), ...[...aws.profiles.keys()].filter(isServed)]);
  const confirmed = new Set([...tables].flatMap(([name, { confirm }]) => (confirm === true ? [name] : [])));

  const { roles: configured, problems } = configRoles({
    tables,
    profiles: aws.profiles,
    resolver,
    mfaSessions,
    ssoSignIns,
    roleNames,
    keyStore: agent.keyStore,
    identity,
    explain,
    readPolicy,
    resolvePath,
    loginTokenFile,
  });
  problems.push(...prefetchProblems(parsed, roleNames));
  const endpoints = buildEndpoints(parsed, { roleNames, confirmed, resolvePath, socketPath });
  problems.push(...endpoints.problems);
  if (problems.length > 0) throw new ConfigError(problems);

  const roles = new Map<string, Role>(configured.map((role) => [role.name, role]));
  for (const profile of aws.profiles.values()) {
    if (isServed(profile.name)) roles.set(profile.name, resolver.role(profile));
  }
  // The roles added here are visited in their turn, so that longer chains are followed to their end.
  for (const role of roles.values()) {
    const parent = parentOf(role);
    if (parent === undefined || roles.has(parent)) continue;
    const profile = aws.profiles.get(parent.slice(profilePrefix.length));
    const added = mfaSessions.get(parent) ?? (profile === undefined ? undefined : resolver.role(profile));
    // The profile behind a role that a person is asked for must not be had by its other name without.
    const isConfirmed = profile !== undefined && confirmed.has(profile.name);
    if (added !== undefined) roles.set(parent, isConfirmed ? { ...added, confirm: true } : added);
  }
  refuseOwnProcesses(roles, aws.profiles, socketPath);
  inheritEndpoints(roles);
  const notices = capChains(roles, (source) => resolver.isRoleSession(source));
  const prefetch = [...agent.prefetch, ...endpoints.configs.flatMap(rolesOf)];
  const { auditLog } = agent;
  return {
    agent: { ...agent, prefetch, ...(typeof auditLog === "string" && { auditLog: resolvePath(auditLog) }) },
    roles,
    endpoints: endpoints.configs,
    ssoSessions: ssoSignIns.all(),
    warnings: [...aws.warnings, ...notices],
  };
}

function prefetchProblems({ agent, explain }: ParsedConfig, roleNames: ReadonlySet<string>): ConfigProblem[] {
  return [...agent.prefetch.entries()]
    .filter(([, name]) => !roleNames.has(name))
    .map(([index, name]) =>
      explain(["agent", "prefetch", index], `there is no role ${quoted(name)}`, didYouMean(name, roleNames)),
    );
}
