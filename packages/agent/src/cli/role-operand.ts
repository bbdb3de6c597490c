import { UsageError, type CommandCall } from "./command.ts";

/** The role that the command line names, or `ROLE_AGENT_ROLE`. */
export function roleOperand(call: CommandCall): string {
  const role = call.operands[0] ?? call.env["ROLE_AGENT_ROLE"];
  if (role === undefined || role === "")
    throw new UsageError("ROLE is missing, and ROLE_AGENT_ROLE is not set");
  return role;
}
