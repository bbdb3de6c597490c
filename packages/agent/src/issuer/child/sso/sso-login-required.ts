import { RoleAgentError } from "@role-agent/provider/errors";
import type { SsoSignIn } from "../../../core/role.ts";
import { ssoLoginCommand } from "../../../core/sign-in-command.ts";

/** A person must sign in; the hint is the command to do it with. */
export function ssoLoginRequired(
  signIn: Pick<SsoSignIn, "sessionName" | "startUrl">,
  message: string,
  cause?: unknown,
): RoleAgentError {
  return new RoleAgentError("LoginRequired", message, {
    hint: ssoLoginCommand(signIn),
    ...(cause !== undefined && { cause }),
  });
}
