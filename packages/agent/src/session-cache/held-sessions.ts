import type { KeptRole } from "../core/kept-role.ts";
import { parentOf, type Role } from "../core/role.ts";
import type { KeptSessions } from "../handover/estate.ts";

/** Of all that an agent keeps: the sessions, and the definitions of their roles and those roles' ancestors. */
export function heldSessions(kept: readonly KeptRole[], roles: ReadonlyMap<string, Role>): KeptSessions {
  const holders = kept.filter(({ held }) => held !== undefined);
  const needed = new Map<string, Role>();
  for (const { name } of holders) {
    let role = roles.get(name);
    while (role !== undefined && !needed.has(role.name)) {
      needed.set(role.name, role);
      role = roles.get(parentOf(role) ?? "");
    }
  }
  return { kept: holders, roles: [...needed.values()] };
}
