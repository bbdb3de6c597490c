import type { JWTPayload } from "jose";
import { AwsError } from "../aws-error.ts";

/**
 * Whom a token is for: its `azp` where it has one, else its `aud`, and it must be a client id of the provider. Throws
 * `InvalidIdentityToken`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif says so of `aud`;
 * https://github.com/aws/aws-sdk-net/issues/3071 shows it of the client ids.
 */
export function audienceOf(claims: JWTPayload, clientIds: readonly string[] | undefined): string {
  const { azp } = claims;
  const candidates = typeof azp === "string" ? [azp] : audiences(claims);
  const audience = candidates.find((candidate) => clientIds?.includes(candidate) ?? true);
  if (audience === undefined) throw new AwsError("InvalidIdentityToken", "Incorrect token audience");
  return audience;
}

/**
 * The condition keys of a token, with the issuer's name before them. Other claims are none:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
export function tokenKeys(
  name: string,
  { claims, subject, audience }: { claims: JWTPayload; subject: string; audience: string },
): Record<string, string | string[] | undefined> {
  return {
    [`${name}:sub`]: subject,
    [`${name}:aud`]: audience,
    [`${name}:amr`]: texts(claims["amr"]),
    [`${name}:oaud`]: name === "accounts.google.com" && "azp" in claims ? audiences(claims) : undefined,
  };
}

function audiences({ aud }: JWTPayload): string[] {
  return texts(aud) ?? [];
}

function texts(claim: unknown): string[] | undefined {
  if (typeof claim === "string") return [claim];
  return Array.isArray(claim) ? claim.filter((each) => typeof each === "string") : undefined;
}
