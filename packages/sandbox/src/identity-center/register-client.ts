import { randomBytes } from "node:crypto";
import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { authorizationCodeGrant, grantTypes as knownGrantTypes } from "./grant-types.ts";
import { invalidRequest, readJsonBody, type JsonBody } from "./json-body.ts";
import type { IdentityCenter, SsoClient } from "./instance.ts";
import { isLoopbackUri } from "./redirect-uri.ts";
import { checkStartUrl } from "./start-url.ts";

/** https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html */
export function registerClient(request: AwsRequest, { state, clock }: World): Reply {
  const { identityCenter } = state;
  const now = clock.now();
  const client: SsoClient = {
    ...readMetadata(readJsonBody(request), identityCenter),
    clientSecret: randomBytes(96).toString("base64url"),
    secretExpiresAt: now + identityCenter.clientSeconds * 1000,
  };
  const clientId = randomBytes(24).toString("base64url");
  identityCenter.clients[clientId] = client;
  const answer = {
    clientId,
    clientSecret: client.clientSecret,
    clientIdIssuedAt: Math.floor(now / 1000),
    clientSecretExpiresAt: Math.floor(client.secretExpiresAt / 1000),
  };
  return jsonReply(200, answer, "ok");
}

function readMetadata(
  body: JsonBody,
  identityCenter: IdentityCenter,
): Pick<SsoClient, "clientName" | "scopes" | "grantTypes" | "redirectUris"> {
  const clientName = body.text("clientName");
  const scopes = body.texts("scopes");
  const grantTypes = body.texts("grantTypes");
  const redirectUris = body.texts("redirectUris");
  const issuerUrl = body.optionalText("issuerUrl");
  if (body.text("clientType") !== "public") {
    throw new AwsError("InvalidClientMetadataException", "Only the client type public is supported");
  }
  if (!scopes.every((scope) => identityCenter.scopes.includes(scope))) {
    throw new AwsError("InvalidScopeException", "Invalid scope in scopes");
  }
  if (!grantTypes.every((type) => knownGrantTypes.includes(type))) {
    throw new AwsError("UnsupportedGrantTypeException", "Unsupported grant type in grantTypes");
  }
  if (!redirectUris.every(isLoopbackUri)) {
    throw new AwsError(
      "InvalidRedirectUriException",
      "Redirect URIs must be http:// with a loopback address",
    );
  }
  if (grantTypes.includes(authorizationCodeGrant) && redirectUris.length === 0) {
    throw invalidRequest("The grant type authorization_code needs redirectUris");
  }
  if (issuerUrl !== undefined) checkStartUrl(issuerUrl, identityCenter);
  return { clientName, scopes, grantTypes, redirectUris };
}
