import { createHash } from "node:crypto";
import { invalidGrant, type Grant } from "./grant.ts";

/**
 * Any attempt by its client spends the code, a wrong one too.
 * https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 and https://www.rfc-editor.org/rfc/rfc7636#section-4.6
 */
export const exchangeAuthorizationCode: Grant = (body, { clientId, identityCenter, now }) => {
  const code = body.text("code");
  const redirectUri = body.text("redirectUri");
  const codeVerifier = body.text("codeVerifier");
  const granted = identityCenter.authorizationCodes[code];
  if (granted?.clientId !== clientId) throw invalidGrant("Invalid authorization code provided");
  delete identityCenter.authorizationCodes[code];
  if (now >= granted.expiresAt) throw invalidGrant("The authorization code has expired");
  if (granted.redirectUri !== redirectUri) throw invalidGrant("Invalid redirect URI provided");
  if (granted.codeChallenge !== challengeOf(codeVerifier))
    throw invalidGrant("Invalid code verifier provided");
  return granted;
};

function challengeOf(codeVerifier: string): string {
  return createHash("sha256").update(codeVerifier).digest("base64url");
}
