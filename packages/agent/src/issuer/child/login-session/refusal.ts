import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { consoleLoginCommand } from "../../../core/sign-in-command.ts";
import { printable } from "../../../core/printable.ts";
import type { LoginRole } from "../../../core/role.ts";
import { errorName, type Answer } from "../aws-answer.ts";
import { retryAfterSeconds } from "../retry-after.ts";
import { proxyHint } from "../sdk-error.ts";
import { consoleLoginRequired } from "./console-login-required.ts";

const bodySchema = v.object({
  error: v.optional(v.string()),
  message: v.optional(v.string()),
  __type: v.optional(v.string()),
});

const ended: Readonly<Record<string, string>> = {
  TOKEN_EXPIRED: "the login has ended",
  USER_CREDENTIALS_CHANGED: "the login has ended, since the password was changed",
};

/**
 * The error that stands for a refused renewal of a login: what passes by itself is `SourceUnavailable`, a login that has
 * ended `LoginRequired`, a missing permission `AccessDenied`, everything else `InvalidConfiguration`.
 *
 * @param secret - what was sent and must not be shown, should AWS quote it
 * @see https://docs.aws.amazon.com/signin/latest/APIReference/API_dataplane-signin_CreateOAuth2Token.html
 */
export function refusal(role: LoginRole, { status, headers, body }: Answer, secret: string): RoleAgentError {
  const call = `signin:CreateOAuth2Token of ${role.loginSession}`;
  if (status < 400) return new RoleAgentError("SourceUnavailable", `${call}: the answer is not understood`);
  const parsed = v.safeParse(bodySchema, body);
  const { error = "", message = "", __type: type = "" } = parsed.success ? parsed.output : {};
  const name = errorName(String(headers["x-amzn-errortype"] ?? type));
  if (name === "" && error === "") {
    return new RoleAgentError("SourceUnavailable", `${call}: the answer (HTTP ${status}) is not AWS's`, {
      hint: proxyHint,
      retryAfterSeconds: retryAfterSeconds(headers["retry-after"]),
    });
  }
  const said = [name, error, message].filter((part) => part !== "").join(": ");
  const text = `${call}: ${printable(said.replaceAll(secret, "(the refresh token)")).slice(0, 1000)}`;
  if (status >= 500 || status === 429 || /^(Throttl|TooManyRequests)/.test(name)) {
    return new RoleAgentError("SourceUnavailable", text, {
      retryAfterSeconds: retryAfterSeconds(headers["retry-after"]),
    });
  }
  if (error === "INSUFFICIENT_PERMISSIONS") {
    return new RoleAgentError("AccessDenied", text, {
      hint: "a policy of the identity must allow signin:CreateOAuth2Token, as SignInLocalDevelopmentAccess does",
    });
  }
  if (Object.hasOwn(ended, error)) return consoleLoginRequired(role, ended[error] ?? "");
  if (name === "AccessDeniedException" || status === 401 || status === 403) {
    return consoleLoginRequired(role, `the login can't be renewed: ${text}`);
  }
  return new RoleAgentError("InvalidConfiguration", text, {
    hint: `check this machine's clock; if it is right, sign in again: ${consoleLoginCommand(role)}`,
  });
}
