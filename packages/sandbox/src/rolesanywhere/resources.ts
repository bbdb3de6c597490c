import { randomUUID } from "node:crypto";
import { parseIdentityPolicy } from "../policy/document.ts";
import type { SandboxAddress } from "../environment.ts";
import type { AnywhereProfile, SandboxState, TrustAnchor } from "../state.ts";
import { anchorProblem } from "./constraints.ts";
import { readCertificate } from "./certificate.ts";

export interface TrustAnchorOptions {
  /** The certificate of the CA. */
  pem: string;
  /** By default the first account. */
  accountId?: string;
}

export interface AnywhereProfileOptions {
  /** The roles that may be asked for. */
  roleArns: readonly string[];
  /** 3600 by default. */
  durationSeconds?: number;
  /** Whether a caller may name its session; false by default, when it is the certificate's serial number. */
  acceptRoleSessionName?: boolean;
  /** JSON texts; they limit every session. */
  sessionPolicies?: readonly string[];
  /** By default the first account. */
  accountId?: string;
}

/** https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_CreateTrustAnchor.html */
export function addTrustAnchor(
  state: SandboxState,
  { region, accounts }: SandboxAddress,
  { pem, accountId = accounts[0].id }: TrustAnchorOptions,
): TrustAnchor {
  const problem = anchorProblem(readCertificate(pem));
  if (problem !== undefined) throw new RangeError(`the trust anchor's certificate ${problem}`);
  const trustAnchorArn = `arn:aws:rolesanywhere:${region}:${accountId}:trust-anchor/${randomUUID()}`;
  const anchor = { trustAnchorArn, accountId, enabled: true, pem };
  state.trustAnchors[trustAnchorArn] = anchor;
  return anchor;
}

/** https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_CreateProfile.html */
export function addProfile(
  state: SandboxState,
  { region, accounts }: SandboxAddress,
  options: AnywhereProfileOptions,
): AnywhereProfile {
  const { accountId = accounts[0].id, sessionPolicies = [] } = options;
  for (const policy of sessionPolicies) parseIdentityPolicy(policy);
  const profileArn = `arn:aws:rolesanywhere:${region}:${accountId}:profile/${randomUUID()}`;
  const profile = {
    profileArn,
    accountId,
    enabled: true,
    roleArns: [...options.roleArns],
    durationSeconds: options.durationSeconds ?? 3600,
    acceptRoleSessionName: options.acceptRoleSessionName ?? false,
    sessionPolicies: [...sessionPolicies],
  };
  state.anywhereProfiles[profileArn] = profile;
  return profile;
}
