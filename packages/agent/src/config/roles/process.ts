import { hourSeconds } from "../limits.ts";
import { definedIn, type RoleBuilder } from "../role-builder.ts";

/** `credential_process = "…"`: a program prints the credentials. */
export const processRole: RoleBuilder = (name, { credential_process: command = "", region }) => ({
  type: "process",
  name,
  definedIn: definedIn(name),
  command,
  durationSeconds: hourSeconds,
  ...(region !== undefined && { region }),
});
