import { AwsError } from "../aws-error.ts";
import type { Call } from "../call.ts";
import { integer, optional, readInput } from "../input.ts";
import { maxUserSessionSeconds, mfaSerialNumber, mfaTokenCode } from "../limits.ts";
import type { XmlObject } from "../xml.ts";
import { credentialsXml, issueCredentials } from "./credentials.ts";
import { proveMfa } from "./prove-mfa.ts";

const defaultSeconds = 43_200;

/**
 * Temporary keys of the user who calls; needs no permission.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export function getSessionToken(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    DurationSeconds: optional(integer(call.settings.minSessionSeconds, maxUserSessionSeconds)),
    SerialNumber: optional(mfaSerialNumber),
    TokenCode: optional(mfaTokenCode),
  });
  const { principal } = call;
  if (principal.kind === "role" || principal.session !== undefined) {
    throw new AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
  }
  const mfaAuthenticatedAt = proveMfa(call, input);
  const credentials = issueCredentials(call, input.DurationSeconds ?? defaultSeconds);
  call.state.sessions[credentials.accessKeyId] = {
    kind: "user",
    ...credentials,
    accountId: principal.accountId,
    userName: principal.user.userName,
    userId: principal.user.userId,
    mfaAuthenticatedAt,
  };
  return { Credentials: credentialsXml(credentials) };
}
