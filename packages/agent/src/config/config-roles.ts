import type { Role } from "../core/role.ts";
import type { ConfigProblem } from "./config.ts";
import { cycleText, findCycles } from "./cycles.ts";
import type { Report, RoleBuilder, RoleContext } from "./role-builder.ts";
import { roleKindOf, type RoleKindName } from "./role-kinds.ts";
import type { RoleTable } from "./schema/role-table.ts";
import { aliasRole } from "./roles/alias.ts";
import { assumeRole } from "./roles/assume-role.ts";
import { loginRole } from "./roles/login.ts";
import { keyRole } from "./roles/key.ts";
import { processRole } from "./roles/process.ts";
import { sessionTokenRole } from "./roles/session-token.ts";
import { samlRole } from "./roles/saml.ts";
import { ssoRole } from "./roles/sso.ts";
import { rolesAnywhereRole } from "./roles/roles-anywhere.ts";
import { scopedRole } from "./roles/scoped.ts";
import { webIdentityRole } from "./roles/web-identity.ts";

const builders: Readonly<Record<RoleKindName, RoleBuilder>> = {
  alias: aliasRole,
  "assume-role": assumeRole,
  process: processRole,
  "session-token": sessionTokenRole,
  saml: samlRole,
  "roles-anywhere": rolesAnywhereRole,
  "web-identity": webIdentityRole,
  sso: ssoRole,
  login: loginRole,
  scoped: scopedRole,
  key: keyRole,
};

/** More problems than anybody reads at once aren't looked for: searching close names takes time. */
const mostProblems = 50;

/** Makes roles of the `[roles.NAME]` tables, and finds what is wrong between them. */
export function configRoles(context: RoleContext): { roles: Role[]; problems: ConfigProblem[] } {
  const { tables, explain } = context;
  const problems = findCycles(tables.keys(), (name) => tables.get(name)?.source_role).map((cycle) =>
    explain(
      ["roles", ...cycle.slice(0, 1), "source_role"],
      `leads back to itself: ${cycleText(cycle)}`,
      "one of them needs source_profile, source_key or credential_source",
    ),
  );
  const roles = new Map<string, Role>();
  for (const [name, table] of devicesFirst(tables)) {
    if (problems.length >= mostProblems) break;
    const report: Report = (key, message, hint) => {
      problems.push(explain(["roles", name, ...key], message, hint));
    };
    const role = builders[roleKindOf(table).name](name, table, context, report);
    roles.set(name, table.confirm === true ? { ...role, confirm: true } : role);
  }
  const inOrder = [...tables.keys()].map((name) => roles.get(name));
  return { roles: inOrder.filter((role) => role !== undefined), problems };
}

/** The sessions of MFA devices, then all others: a role whose device has a session in the file uses that one. */
function devicesFirst(tables: ReadonlyMap<string, RoleTable>): [string, RoleTable][] {
  const isDevice = ([, table]: [string, RoleTable]): number =>
    roleKindOf(table).name === "session-token" ? 0 : 1;
  return [...tables].sort((a, b) => isDevice(a) - isDevice(b));
}
