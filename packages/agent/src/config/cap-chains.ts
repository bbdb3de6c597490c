import type { Role, Source } from "../core/role.ts";
import { hourSeconds } from "./limits.ts";
import { quoted } from "./words.ts";

/** Kinds of roles whose sessions are a user's, or may be. */
const mayBeUsers: ReadonlySet<Role["type"]> = new Set(["session-token", "profile", "process", "key"]);

/**
 * Cuts the sessions of chained roles to the hour that AWS limits them to, and answers a notice for each, since a longer
 * one would be refused at every renewal.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export function capChains(roles: Map<string, Role>, isRoleSession: (source: Source) => boolean): string[] {
  const notices: string[] = [];
  for (const role of roles.values()) {
    if (role.type !== "assume-role" || role.durationSeconds <= hourSeconds) continue;
    if (!isChained(role.source, roles, isRoleSession)) continue;
    roles.set(role.name, { ...role, durationSeconds: hourSeconds });
    notices.push(
      `role ${quoted(role.name)}: its sessions last ${hourSeconds} s instead of ${role.durationSeconds} s: ` +
        "AWS limits role chaining, a role assumed with a role session, to one hour",
    );
  }
  return notices;
}

/**
 * Whether the source is certain to be a role session. A user's session is none, whether an MFA code, a login or the
 * exchange of long-term keys brought it; what a program prints may be either. Narrowed, a session stays what it is.
 */
function isChained(
  source: Source,
  roles: ReadonlyMap<string, Role>,
  isRoleSession: (source: Source) => boolean,
): boolean {
  if (source.type !== "role") return isRoleSession(source);
  let parent = roles.get(source.role);
  while (parent?.type === "scoped") parent = roles.get(parent.sourceRole);
  if (parent?.type === "login") return parent.loginSession.includes(":assumed-role/");
  return parent === undefined || !mayBeUsers.has(parent.type);
}
