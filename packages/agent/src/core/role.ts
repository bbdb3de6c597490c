import type { InvalidRole, ProcessRole, ProfileRole, RolesAnywhereRole } from "./other-roles.ts";
import type { LoginRole, SsoRole } from "./sign-in-roles.ts";
import type {
  AssumeRole,
  KeyRole,
  SamlRole,
  ScopedRole,
  SessionTokenRole,
  WebIdentityRole,
} from "./sts-roles.ts";

export type * from "./other-roles.ts";
export type * from "./source.ts";
export type * from "./sign-in-roles.ts";
export type * from "./sts-roles.ts";

/**
 * A role as the configuration asks for it: everything the issuer needs to know to obtain a session, and no
 * secret. Built from a `[roles.NAME]` table of config.toml or from a profile of the AWS shared config.
 */
export type Role = IssuableRole | InvalidRole;

/** A role that a session can be issued for. */
export type IssuableRole =
  | AssumeRole
  | SessionTokenRole
  | SamlRole
  | RolesAnywhereRole
  | WebIdentityRole
  | SsoRole
  | LoginRole
  | ScopedRole
  | KeyRole
  | ProfileRole
  | ProcessRole;

/** Whether only a person can bring about the next session, so that the held one is used to its end. */
export function needsPerson(role: Role): boolean {
  return role.type === "session-token" && role.mfaProcess === undefined;
}

/** Whether the passphrase of the encrypted key file is needed for it. */
export function needsPassphrase(role: Role): boolean {
  return "source" in role && role.source.type === "key" && role.source.store === "file";
}

/** The role whose session must exist before this one can be issued, if there is one. */
export function parentOf(role: Role): string | undefined {
  if (role.type === "scoped") return role.sourceRole;
  return role.type === "assume-role" && role.source.type === "role" ? role.source.role : undefined;
}
