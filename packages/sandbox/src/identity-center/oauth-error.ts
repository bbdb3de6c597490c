import type { AwsError } from "../aws-error.ts";
import { jsonReply, type Reply } from "../reply.ts";

/**
 * An error of sso-oidc: AWS's code in the header, OAuth's in the body.
 * https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html#API_CreateToken_Errors
 */
export function oauthErrorReply({ code, message, status }: AwsError): Reply {
  const reply = jsonReply(status, { error: oauthCode(code), error_description: message }, code);
  return { ...reply, headers: { ...reply.headers, "x-amzn-errortype": code } };
}

/** `InvalidGrantException` is `invalid_grant`. */
export function oauthCode(code: string): string {
  if (code === "InternalServerException") return "server_error";
  return code
    .replace(/Exception$/, "")
    .replace(/\B[A-Z]/g, "_$&")
    .toLowerCase();
}
