import { createHash } from "node:crypto";
import { AwsError } from "../aws-error.ts";
import type { UnsignedCall } from "../call.ts";
import { integer, optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import { assumedRoleUser } from "../principal.ts";
import { acceptedAssertion, type AcceptedAssertion } from "../saml/accepted-assertion.ts";
import type { RoleSession, SamlProvider, SandboxState } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { grantedSeconds } from "./assume-role.ts";
import { authorizeSamlSession } from "./authorize-saml-session.ts";
import { credentialsXml, issueCredentials } from "./credentials.ts";
import { packedPolicySize, sessionPolicies } from "./session-policies.ts";
import { sessionTags } from "./session-tags.ts";

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html */
export function assumeRoleWithSaml(call: UnsignedCall): XmlObject {
  const { request, state, settings, now } = call;
  const input = readInput(request.params, {
    RoleArn: limits.arn,
    PrincipalArn: limits.arn,
    SAMLAssertion: limits.samlAssertion,
    DurationSeconds: optional(integer(settings.minSessionSeconds, limits.maxSessionSeconds)),
    Policy: optional(limits.federatedSessionPolicy),
    PolicyArns: limits.policyArns,
  });
  const provider = providerOf(input.PrincipalArn, state);
  const assertion = acceptedAssertion(input.SAMLAssertion, provider, now);
  const tags = sessionTags(assertion.tags, assertion.transitiveTagKeys, undefined);
  const packedSize = packedPolicySize({ ...input, Tags: assertion.tags });
  const nameQualifier = nameQualifierOf(assertion, provider);
  const { role, accountId } = authorizeSamlSession(call, { ...input, provider, assertion, nameQualifier });
  const policies = sessionPolicies({ ...input, Tags: [] }, accountId, state);
  const credentials = issueCredentials(call, grantedSeconds(input.DurationSeconds, role, undefined));

  const session: RoleSession = {
    kind: "role",
    ...credentials,
    expiresAt: Math.min(credentials.expiresAt, endOfSignIn(assertion)),
    accountId,
    roleName: role.roleName,
    roleId: role.roleId,
    sessionName: assertion.roleSessionName,
    policies,
    ...tags,
    sourceIdentity: assertion.sourceIdentity,
  };
  state.sessions[session.accessKeyId] = session;

  const { arn, userId } = assumedRoleUser(session);
  return {
    Credentials: credentialsXml(session),
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    PackedPolicySize: packedSize,
    Subject: assertion.subject,
    SubjectType: assertion.subjectType,
    Issuer: assertion.issuer,
    Audience: assertion.audience,
    NameQualifier: nameQualifier,
    SourceIdentity: assertion.sourceIdentity,
  };
}

function providerOf(arn: string, state: SandboxState): SamlProvider {
  const provider = state.accounts[arn.split(":")[4] ?? ""]?.samlProviders[arn];
  if (provider === undefined) throw new AwsError("InvalidIdentityToken", "Specified provider doesn't exist");
  return provider;
}

/** On a whole second, since Expiration is written so. */
function endOfSignIn({ sessionNotOnOrAfter = Infinity }: AcceptedAssertion): number {
  return Math.floor(sessionNotOnOrAfter / 1000) * 1000;
}

/** BASE64 ( SHA1 ( issuer + account id + "/" + provider name ) ), as the API documents it. */
function nameQualifierOf({ issuer }: AcceptedAssertion, { arn }: SamlProvider): string {
  const account = arn.split(":")[4] ?? "";
  const name = arn.slice(arn.indexOf("/"));
  return createHash("sha1").update(`${issuer}${account}${name}`).digest("base64");
}
