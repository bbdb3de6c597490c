import { AwsError } from "../aws-error.ts";
import type { Call } from "../call.ts";
import { maxChainedSessionSeconds } from "../limits.ts";
import { assumedRoleUser } from "../principal.ts";
import type { Role, RoleSession } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { readAssumeRoleInput } from "./assume-role-input.ts";
import { authorizeSession } from "./authorize-session.ts";
import { credentialsXml, issueCredentials } from "./credentials.ts";
import { proveMfa } from "./prove-mfa.ts";
import { packedPolicySize, sessionPolicies } from "./session-policies.ts";
import { sessionTags } from "./session-tags.ts";

const defaultSeconds = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function assumeRole(call: Call): XmlObject {
  const input = readAssumeRoleInput(call);
  const calling = call.principal.kind === "role" ? call.principal.session : undefined;
  const mfaAuthenticatedAt = proveMfa(call, input);
  const tags = sessionTags(input.Tags, input.TransitiveTagKeys, calling);
  const packedSize = packedPolicySize(input);
  const { role, accountId, sourceIdentity } = authorizeSession(call, input, calling, mfaAuthenticatedAt);
  const policies = sessionPolicies(input, accountId, call.state);
  const seconds = grantedSeconds(input.DurationSeconds, role, calling);

  const session: RoleSession = {
    kind: "role",
    ...issueCredentials(call, seconds),
    accountId,
    roleName: role.roleName,
    roleId: role.roleId,
    sessionName: input.RoleSessionName,
    policies,
    ...tags,
    sourceIdentity,
  };
  call.state.sessions[session.accessKeyId] = session;

  const { arn, userId } = assumedRoleUser(session);
  return {
    Credentials: credentialsXml(session),
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    PackedPolicySize: packedSize,
    SourceIdentity: sourceIdentity,
  };
}

/** How long the role gives a session. Throws `ValidationError` where more is asked for. */
export function grantedSeconds(
  asked: number | undefined,
  role: Role,
  calling: RoleSession | undefined,
): number {
  const seconds = asked ?? defaultSeconds;
  if (calling !== undefined && seconds > maxChainedSessionSeconds) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  }
  if (seconds > role.maxSessionDuration) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  }
  return seconds;
}
