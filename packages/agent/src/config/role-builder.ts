import type { KeySource, KeyStoreName, Role } from "../core/role.ts";
import type { AwsProfile } from "./aws-profiles.ts";
import { didYouMean, type Explain } from "./explain.ts";
import type { MfaSessions } from "./mfa-sessions.ts";
import type { ProfileResolver } from "./profile-roles.ts";
import type { RoleTable } from "./schema/role-table.ts";
import type { Identity } from "./session-name.ts";
import type { SsoSignIns } from "./sso-sign-ins.ts";
import { keyText, quoted } from "./words.ts";

/** Makes the role of one `[roles.NAME]` table whose keys are known to fit together. */
export type RoleBuilder = (name: string, table: RoleTable, context: RoleContext, report: Report) => Role;

/** Says what is wrong at a key of the table. */
export type Report = (key: readonly (string | number)[], message: string, hint?: string) => void;

/** Reads a policy file: its text, or what is wrong with the file. */
export type ReadPolicy = (path: string) => { text: string } | { problem: string; hint?: string };

/** What the tables of config.toml refer to. */
export interface RoleContext {
  readonly tables: ReadonlyMap<string, RoleTable>;
  readonly profiles: ReadonlyMap<string, AwsProfile>;
  readonly resolver: ProfileResolver;
  readonly mfaSessions: MfaSessions;
  readonly ssoSignIns: SsoSignIns;
  /** Every name that a client can ask for. */
  readonly roleNames: ReadonlySet<string>;
  readonly keyStore: KeyStoreName;
  readonly identity: Identity;
  readonly explain: Explain;
  readonly readPolicy: ReadPolicy;
  /** Makes the path of a file that is read later absolute: from config.toml's directory, `~/` from home. */
  readonly resolvePath: (path: string) => string;
  /** Where the AWS CLI keeps the token of a login session. */
  readonly loginTokenFile: (loginSession: string) => string;
}

/** Where a role is defined, for people. */
export function definedIn(name: string): string {
  return `config.toml [${keyText(["roles", name])}]`;
}

/** Reports a role that doesn't exist. */
export function checkRole(
  role: string,
  key: string,
  { profiles, roleNames }: RoleContext,
  report: Report,
): void {
  if (roleNames.has(role)) return;
  report(
    [key],
    `there is no role ${quoted(role)}`,
    profiles.has(role)
      ? "profiles = false keeps profiles from being roles; use source_profile"
      : didYouMean(role, roleNames),
  );
}

/** The key that `source_key` names. */
export function keySource(name: string, { keyStore }: RoleContext): KeySource {
  return { type: "key", name, store: keyStore };
}

/** Reports a profile that doesn't exist. */
export function checkProfile(
  profile: string,
  key: string,
  { profiles, tables }: RoleContext,
  report: Report,
): void {
  if (profiles.has(profile)) return;
  report(
    [key],
    `there is no AWS profile ${quoted(profile)}`,
    tables.has(profile)
      ? "a role of config.toml is named by source_role"
      : (didYouMean(profile, profiles.keys()) ?? "add it to ~/.aws/config"),
  );
}
