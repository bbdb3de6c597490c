import { randomBytes } from "node:crypto";
import { mayUse } from "./client.ts";
import { refreshTokenGrant } from "./grant-types.ts";
import { accountAccessScope, type IdentityCenter, type SignIn, type SsoClient } from "./instance.ts";

/** The answer of CreateToken. */
export interface IssuedTokens {
  accessToken: string;
  tokenType: "Bearer";
  /** Seconds. */
  expiresIn: number;
  refreshToken: string | undefined;
}

/**
 * A client with the scope `sso:account:access` gets a short access token and a refresh token; the older kind an access
 * token for the whole sign-in.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
export function issueTokens(
  { clientId, signInId, sessionEndsAt }: SignIn,
  client: SsoClient,
  identityCenter: IdentityCenter,
  now: number,
): IssuedTokens {
  const signIn = { clientId, signInId, sessionEndsAt };
  const isOlderKind = !client.scopes.includes(accountAccessScope);
  const lifetimeMs = isOlderKind ? Infinity : identityCenter.accessTokenSeconds * 1000;
  const expiresAt = Math.min(now + lifetimeMs, sessionEndsAt);
  const accessToken = newToken("aoaAAAAA");
  identityCenter.accessTokens[accessToken] = { ...signIn, region: identityCenter.region, expiresAt };
  let refreshToken: string | undefined;
  if (!isOlderKind && mayUse(refreshTokenGrant, client)) {
    refreshToken = newToken("aorAAAAA");
    identityCenter.refreshTokens[refreshToken] = signIn;
  }
  return { accessToken, tokenType: "Bearer", expiresIn: Math.floor((expiresAt - now) / 1000), refreshToken };
}

/** Opaque, and begins as AWS's do. */
function newToken(prefix: string): string {
  return prefix + randomBytes(240).toString("base64url");
}
