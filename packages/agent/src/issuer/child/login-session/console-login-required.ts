import { RoleAgentError } from "@role-agent/provider/errors";
import type { LoginRole } from "../../../core/role.ts";
import { consoleLoginCommand } from "../../../core/sign-in-command.ts";

/** The error that only a new sign-in of a person can mend. */
export function consoleLoginRequired(role: LoginRole, why: string): RoleAgentError {
  return new RoleAgentError("LoginRequired", `${role.loginSession}: ${why}`, {
    hint: consoleLoginCommand(role),
  });
}
