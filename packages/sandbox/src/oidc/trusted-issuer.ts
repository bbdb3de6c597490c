import type { JSONWebKeySet } from "jose";
import { AwsError } from "../aws-error.ts";
import type { SandboxState } from "../state.ts";

/** Whose tokens an account believes: an OIDC provider of its own, or an issuer that AWS itself knows. */
export interface TrustedIssuer {
  /** As `Federated` names it in a trust policy: the provider's ARN, or `accounts.google.com`. */
  principal: string;
  /** What its condition keys begin with. */
  name: string;
  url: string;
  /** The audiences its tokens may be for; undefined where only trust policies say. */
  clientIds: readonly string[] | undefined;
  jwks: JSONWebKeySet | undefined;
}

/** The issuer's URL without its scheme, by which IAM knows it. */
export function issuerName(url: string): string {
  return url.replace(/^https?:\/\//, "");
}

/** Finds who is named by the `iss` of a token; throws `InvalidIdentityToken`. */
export function trustedIssuer(iss: string, accountId: string, state: SandboxState): TrustedIssuer {
  const name = issuerName(iss);
  const provider = state.accounts[accountId]?.oidcProviders[name];
  if (provider !== undefined && issuerUrl(iss) === provider.url) {
    const { arn: principal, url, clientIds, jwks } = provider;
    return { principal, name, url, clientIds, jwks };
  }
  const jwks = state.builtInIssuers[name];
  if (jwks !== undefined) {
    return { principal: name, name, url: `https://${name}`, clientIds: undefined, jwks };
  }
  throw new AwsError("InvalidIdentityToken", `No OpenIDConnect provider found in your account for ${iss}`);
}

/** Google's `iss` may lack its scheme. */
function issuerUrl(iss: string): string {
  return /^https?:\/\//.test(iss) ? iss : `https://${iss}`;
}
