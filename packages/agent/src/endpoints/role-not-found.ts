import { RoleAgentError } from "@role-agent/provider/errors";
import { closeNames } from "../config/close-names.ts";
import type { KeeperTable } from "../core/keeper-table.ts";

/** The error for a name that no role has; its message lists names that are close. */
export function roleNotFound(name: string, keepers: KeeperTable): RoleAgentError {
  const close = closeNames(
    name,
    [...keepers].map((keeper) => keeper.name),
  );
  const suggestion = close.length === 0 ? "" : `; did you mean ${close.join(", ")}?`;
  return new RoleAgentError("RoleNotFound", `there is no role ${JSON.stringify(name)}${suggestion}`, {
    hint: "role-agent roles",
  });
}
