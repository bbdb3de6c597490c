import type { UnsignedCall } from "../call.ts";
import { integer, optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import { tokenKeys } from "../oidc/audience.ts";
import { verifyToken } from "../oidc/verify-token.ts";
import { assumedRoleUser } from "../principal.ts";
import type { RoleSession } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { grantedSeconds } from "./assume-role.ts";
import { authorizeFederated } from "./authorize-federated.ts";
import { credentialsXml, issueCredentials } from "./credentials.ts";
import { packedPolicySize, sessionPolicies } from "./session-policies.ts";

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export async function assumeRoleWithWebIdentity(call: UnsignedCall): Promise<XmlObject> {
  const input = readInput(call.request.params, {
    RoleArn: limits.arn,
    RoleSessionName: limits.sessionName,
    WebIdentityToken: limits.webIdentityToken,
    DurationSeconds: optional(integer(call.settings.minSessionSeconds, limits.maxSessionSeconds)),
    Policy: optional(limits.federatedSessionPolicy),
    PolicyArns: limits.policyArns,
  });
  const limitsAsked = { ...input, Tags: [] };
  const packedSize = packedPolicySize(limitsAsked);
  const accountId = input.RoleArn.split(":")[4] ?? "";
  const identity = await verifyToken(input.WebIdentityToken, accountId, call.state, call.now);

  const { principal, name } = identity.issuer;
  const { role } = authorizeFederated(call, input.RoleArn, {
    kind: "web-identity",
    provider: principal,
    actions: ["sts:AssumeRoleWithWebIdentity"],
    keys: { "sts:RoleSessionName": input.RoleSessionName, ...tokenKeys(name, identity) },
  });
  const session: RoleSession = {
    kind: "role",
    ...issueCredentials(call, grantedSeconds(input.DurationSeconds, role, undefined)),
    accountId,
    roleName: role.roleName,
    roleId: role.roleId,
    sessionName: input.RoleSessionName,
    policies: sessionPolicies(limitsAsked, accountId, call.state),
    tags: {},
    transitiveTagKeys: [],
    sourceIdentity: undefined,
  };
  call.state.sessions[session.accessKeyId] = session;

  const { arn, userId } = assumedRoleUser(session);
  return {
    Credentials: credentialsXml(session),
    SubjectFromWebIdentityToken: identity.subject,
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    PackedPolicySize: packedSize,
    Provider: identity.iss,
    Audience: identity.audience,
  };
}
