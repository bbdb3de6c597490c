import { RoleAgentError } from "@role-agent/provider/errors";
import { shellWord } from "../../../core/shell-word.ts";

/** A person must sign in; the hint is the command to do it with. */
export function loginRequired(
  { loginAs }: { readonly loginAs: string },
  message: string,
  cause?: unknown,
): RoleAgentError {
  return new RoleAgentError("LoginRequired", message, {
    hint: `role-agent login ${shellWord(loginAs)}`,
    ...(cause !== undefined && { cause }),
  });
}
