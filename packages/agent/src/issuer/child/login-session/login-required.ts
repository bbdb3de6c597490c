import { RoleAgentError } from "@role-agent/provider/errors";
import type { LoginRole } from "../../../core/role.ts";
import { shellWord } from "../../../core/shell-word.ts";

/** What a person runs to sign in. */
export function loginCommand({ endpointProfile }: LoginRole): string {
  return endpointProfile === undefined ? "aws login" : `aws login --profile ${shellWord(endpointProfile)}`;
}

/** The error that only a new sign-in of a person can mend. */
export function loginRequired(role: LoginRole, why: string): RoleAgentError {
  return new RoleAgentError("LoginRequired", `${role.loginSession}: ${why}`, { hint: loginCommand(role) });
}
