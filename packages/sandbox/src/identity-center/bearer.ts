import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import type { AccessToken, IdentityCenter } from "./instance.ts";

/** The access token that a call of the portal carries. Throws `UnauthorizedException`. */
export function bearerToken(
  { headers }: AwsRequest,
  identityCenter: IdentityCenter,
  now: number,
): AccessToken {
  const token = identityCenter.accessTokens[headers["x-amz-sso_bearer_token"] ?? ""];
  if (token === undefined || token.region !== identityCenter.region || now >= token.expiresAt) {
    throw new AwsError("UnauthorizedException", "Session token not found or invalid", 401);
  }
  return token;
}
