import { hourSeconds } from "../limits.ts";
import { definedIn, keySource, type RoleBuilder } from "../role-builder.ts";

/** `source_key` alone: the user's own session. */
export const keyRole: RoleBuilder = (name, table, context) => ({
  type: "key",
  name,
  definedIn: definedIn(name),
  source: keySource(table.source_key ?? "", context),
  durationSeconds: table.duration_seconds ?? hourSeconds,
  ...(table.region !== undefined && { region: table.region }),
});
