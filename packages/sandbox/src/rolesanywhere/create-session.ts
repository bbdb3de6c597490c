import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import { isoSeconds } from "../clock.ts";
import type { World } from "../dispatch.ts";
import { assumedRoleUser } from "../principal.ts";
import { jsonReply, type Reply } from "../reply.ts";
import type { AnywhereProfile, Role, RoleSession, SandboxState, TrustAnchor } from "../state.ts";
import { issueCredentials } from "../sts/credentials.ts";
import { authorizeService } from "./authorize.ts";
import { readCertificate } from "./certificate.ts";
import { leafProblem, pathProblem } from "./constraints.ts";
import { readCreateSessionInput, type CreateSessionInput } from "./input.ts";
import { certificateTags, commonName } from "./session-tags.ts";
import { denied, verifySigner, type Signer } from "./signature.ts";

/**
 * A session for whoever holds the key of a certificate that the trust anchor's CA issued. It lasts as long as the
 * least of the call, the profile and the role say.
 * https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html
 */
export function createSession(request: AwsRequest, { state, settings, clock }: World): Reply {
  const now = clock.now();
  const signer = verifySigner(request, now);
  const input = readCreateSessionInput(request, settings.minSessionSeconds);
  const anchor = enabled(state.trustAnchors[input.trustAnchorArn], "trust anchor");
  const profile = enabled(state.anywhereProfiles[input.profileArn], "profile");
  checkCertificate(signer, anchor, now);
  const role = findRole(input.roleArn, profile, anchor, state);

  const tags = certificateTags(signer.leaf);
  const sourceIdentity = commonName(signer.leaf);
  const sessionName = sessionNameOf(input, profile, signer);
  authorizeService({ role, anchor, tags, sessionName, sourceIdentity, sourceIp: request.sourceIp, now });
  const seconds = Math.min(
    input.durationSeconds ?? profile.durationSeconds,
    profile.durationSeconds,
    role.maxSessionDuration,
  );
  const session: RoleSession = {
    kind: "role",
    ...issueCredentials({ settings, now }, seconds),
    accountId: anchor.accountId,
    roleName: role.roleName,
    roleId: role.roleId,
    sessionName,
    policies: profile.sessionPolicies.map((document) => ({ name: "profile's session policy", document })),
    tags,
    transitiveTagKeys: [],
    sourceIdentity,
  };
  state.sessions[session.accessKeyId] = session;
  return answer(session, role);
}

function enabled<Resource extends TrustAnchor | AnywhereProfile>(
  resource: Resource | undefined,
  what: string,
): Resource {
  if (resource === undefined) throw new AwsError("ResourceNotFoundException", `Unknown ${what}`, 404);
  if (!resource.enabled) throw denied(`The ${what} is disabled`);
  return resource;
}

function checkCertificate({ leaf, intermediates }: Signer, { pem }: TrustAnchor, now: number): void {
  const problem = leafProblem(leaf) ?? pathProblem(leaf, intermediates, readCertificate(pem), now);
  if (problem !== undefined) throw denied(`Untrusted certificate: it ${problem}`);
}

/** Anchor, profile and role are of one account. */
function findRole(
  roleArn: string,
  profile: AnywhereProfile,
  { accountId }: TrustAnchor,
  state: SandboxState,
): Role {
  const role = state.accounts[accountId]?.roles[roleArn.replace(/^.*\//, "")];
  if (role?.arn !== roleArn || profile.accountId !== accountId || !profile.roleArns.includes(roleArn)) {
    throw denied(`Unable to assume role for ${roleArn}: it is not a role of the profile`);
  }
  return role;
}

/** The serial number in hexadecimal, unless the profile lets the caller choose. */
function sessionNameOf(
  { roleSessionName }: CreateSessionInput,
  { acceptRoleSessionName }: AnywhereProfile,
  { leaf }: Signer,
): string {
  if (roleSessionName === undefined) return leaf.x509.serialNumber.toLowerCase();
  if (!acceptRoleSessionName) throw denied("The profile does not accept a custom roleSessionName");
  return roleSessionName;
}

function answer(session: RoleSession, { arn: roleArn }: Role): Reply {
  const { arn, userId } = assumedRoleUser(session);
  const { accessKeyId, secretAccessKey, sessionToken, sourceIdentity } = session;
  const credentials = {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration: isoSeconds(session.expiresAt),
  };
  const entry = { assumedRoleUser: { arn, assumedRoleId: userId }, credentials, roleArn, sourceIdentity };
  return jsonReply(201, { credentialSet: [entry] }, "ok", arn);
}
