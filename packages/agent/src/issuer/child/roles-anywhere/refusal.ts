import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { printable } from "../../../core/printable.ts";
import { errorName, type Answer } from "../aws-answer.ts";
import { retryAfterSeconds } from "../retry-after.ts";
import { proxyHint } from "../sdk-error.ts";

const bodySchema = v.object({ message: v.optional(v.string()), __type: v.optional(v.string()) });

/**
 * The error that stands for an answer which is no session. What passes by itself is `SourceUnavailable`, a refusal
 * `AccessDenied`, everything a person must correct `InvalidConfiguration`.
 *
 * @param call - what was asked for, for the message: `rolesanywhere:CreateSession of arn:…`
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html
 */
export function refusal(answer: Answer, call: string): RoleAgentError {
  const { status, headers } = answer;
  if (status < 400) return new RoleAgentError("SourceUnavailable", `${call}: the answer is not understood`);
  const parsed = v.safeParse(bodySchema, answer.body);
  const { message = "", __type: type = "" } = parsed.success ? parsed.output : {};
  const name = errorName(String(headers["x-amzn-errortype"] ?? type));
  if (name === "") {
    return new RoleAgentError("SourceUnavailable", `${call}: the answer (HTTP ${status}) is not AWS's`, {
      hint: proxyHint,
      retryAfterSeconds: retryAfterSeconds(headers["retry-after"]),
    });
  }
  const text = `${call}: ${printable(`${name}: ${message}`).slice(0, 1000)}`;
  if (status >= 500 || status === 429 || /^(Throttl|TooManyRequests)/.test(name)) {
    return new RoleAgentError("SourceUnavailable", text, {
      retryAfterSeconds: retryAfterSeconds(headers["retry-after"]),
    });
  }
  if (name === "AccessDeniedException" || status === 403) {
    return new RoleAgentError("AccessDenied", text, { hint: hintFor(message) });
  }
  return new RoleAgentError("InvalidConfiguration", text, {
    hint:
      name === "ResourceNotFoundException"
        ? "check trust_anchor_arn and profile_arn, and that both are enabled"
        : undefined,
  });
}

function hintFor(message: string): string {
  return /certificate/i.test(message)
    ? "the trust anchor's CA must have issued the certificate, for digital signatures; put intermediates behind it"
    : "check the role's trust policy for rolesanywhere.amazonaws.com, and that the profile lists the role";
}
