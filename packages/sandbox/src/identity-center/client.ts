import { AwsError } from "../aws-error.ts";
import type { IdentityCenter, SsoClient } from "./instance.ts";
import type { JsonBody } from "./json-body.ts";

/** The client that `clientId` and `clientSecret` prove. Throws `InvalidClientException`. */
export function authenticClient(
  body: JsonBody,
  { clients }: IdentityCenter,
  now: number,
): SsoClient & { clientId: string } {
  const clientId = body.text("clientId");
  const clientSecret = body.text("clientSecret");
  const client = clients[clientId];
  if (client === undefined) throw invalidClient("Invalid client provided");
  if (client.clientSecret !== clientSecret) throw invalidClient("Invalid client secret provided");
  if (now >= client.secretExpiresAt) throw invalidClient("The client secret has expired");
  return { ...client, clientId };
}

/** Whether the client registered for this grant type, or for all. */
export function mayUse(grantType: string, { grantTypes }: SsoClient): boolean {
  return grantTypes.length === 0 || grantTypes.includes(grantType);
}

/** Throws `UnauthorizedClientException`. */
export function checkMayUse(grantType: string, client: SsoClient): void {
  if (!mayUse(grantType, client)) {
    throw new AwsError("UnauthorizedClientException", `The client isn't registered for ${grantType}`);
  }
}

function invalidClient(message: string): AwsError {
  return new AwsError("InvalidClientException", message, 401);
}
