import { randomBytes } from "node:crypto";
import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { redirectReply, type Reply } from "../reply.ts";
import { checkMayUse } from "./client.ts";
import { authorizationCodeGrant } from "./grant-types.ts";
import type { IdentityCenter, SsoClient } from "./instance.ts";
import { invalidRequest } from "./json-body.ts";
import { oauthCode } from "./oauth-error.ts";
import { isRegistered } from "./redirect-uri.ts";
import { signIn } from "./sign-in.ts";

/**
 * The page that a browser is sent to: answers as though the user had signed in just now. Before the client and its
 * redirect URI are known to be good nobody is redirected; later problems go to the client.
 * https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 and https://www.rfc-editor.org/rfc/rfc7636#section-4.3
 */
export function authorize({ query }: AwsRequest, { state, clock }: World): Reply {
  const { identityCenter } = state;
  const clientId = query.get("client_id") ?? "";
  const client = identityCenter.clients[clientId];
  if (client === undefined) throw new AwsError("InvalidClientException", "Invalid client provided", 401);
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!isRegistered(redirectUri, client.redirectUris)) throw invalidRequest("Invalid redirect_uri provided");
  const target = new URL(redirectUri);
  const clientState = query.get("state");
  if (clientState !== null) target.searchParams.set("state", clientState);
  try {
    const codeChallenge = checkQuestion(query, client, identityCenter);
    const now = clock.now();
    const code = randomBytes(48).toString("base64url");
    identityCenter.authorizationCodes[code] = {
      ...signIn(clientId, identityCenter, now),
      redirectUri,
      codeChallenge,
      expiresAt: now + identityCenter.codeSeconds * 1000,
    };
    target.searchParams.set("code", code);
    return redirectReply(target.href, "ok");
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    target.searchParams.set("error", oauthCode(error.code));
    target.searchParams.set("error_description", error.message);
    return redirectReply(target.href, error.code);
  }
}

/** Returns the code challenge. */
function checkQuestion(query: URLSearchParams, client: SsoClient, identityCenter: IdentityCenter): string {
  checkMayUse(authorizationCodeGrant, client);
  if (query.get("response_type") !== "code") throw invalidRequest("response_type must be code");
  const codeChallenge = query.get("code_challenge") ?? "";
  if (query.get("code_challenge_method") !== "S256" || !/^[\w-]{43}$/.test(codeChallenge)) {
    throw invalidRequest("code_challenge must be there, made by S256");
  }
  const scopes = (query.get("scopes") ?? "").split(" ").filter((scope) => scope !== "");
  if (!scopes.every((scope) => client.scopes.includes(scope))) {
    throw new AwsError("InvalidScopeException", "The client isn't registered for a scope in scopes");
  }
  if (identityCenter.deniesSignIn) throw new AwsError("AccessDeniedException", "The user was denied");
  return codeChallenge;
}
