import { RegisterClientCommand, type SSOOIDCClient } from "@aws-sdk/client-sso-oidc";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { LoginJob } from "../../login-errand.ts";
import type { RegisteredClient } from "./flow.ts";

/** What the authorization code flow registers beside the rest. */
export interface RedirectRegistration {
  readonly grantTypes: string[];
  readonly redirectUris: string[];
  readonly issuerUrl: string;
}

/**
 * Registers this program as a client of Identity Center, for one sign-in and the renewals after it.
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html
 */
export async function registerClient(
  oidc: SSOOIDCClient,
  { signIn }: LoginJob,
  registration: RedirectRegistration | undefined,
  signal: AbortSignal,
): Promise<RegisteredClient> {
  const command = new RegisterClientCommand({
    clientName: `role-agent-${signIn.sessionName ?? Date.now()}`,
    clientType: "public",
    ...(signIn.scopes.length > 0 && { scopes: [...signIn.scopes] }),
    ...registration,
  });
  const { clientId, clientSecret, clientSecretExpiresAt } = await oidc.send(command, { abortSignal: signal });
  if (clientId === undefined || clientSecret === undefined || clientSecretExpiresAt === undefined) {
    throw new RoleAgentError("SourceUnavailable", "sso-oidc:RegisterClient: the answer has no client");
  }
  return { clientId, clientSecret, endsAt: clientSecretExpiresAt * 1000 };
}
