import { AwsError } from "../aws-error.ts";
import type { UnsignedCall } from "../call.ts";
import { federatedContext, requestTagKeys } from "../condition-context.ts";
import type { ConditionContext } from "../policy/context.ts";
import { parseTrustPolicy } from "../policy/document.ts";
import { evaluateTrustPolicy } from "../policy/evaluate.ts";
import type { AcceptedAssertion } from "../saml/accepted-assertion.ts";
import type { SamlProvider } from "../state.ts";
import { findRole, type FoundRole } from "./authorize-session.ts";

export interface SamlSessionRequest {
  RoleArn: string;
  provider: SamlProvider;
  assertion: AcceptedAssertion;
  nameQualifier: string;
}

/**
 * Finds the role of an AssumeRoleWithSAML call, among those of the assertion, and asks its trust policy for each
 * action that the call means. Throws `AccessDenied` with what decided.
 */
export function authorizeSamlSession(call: UnsignedCall, request: SamlSessionRequest): FoundRole {
  const { RoleArn, provider, assertion } = request;
  const isAsserted = assertion.roles.some(
    ({ roleArn, principalArn }) => roleArn === RoleArn && principalArn === provider.arn,
  );
  if (!isAsserted) throw accessDenied("sts:AssumeRoleWithSAML", "the assertion doesn't have the role");
  const found = findRole(RoleArn, call.state);
  if (found === undefined) throw accessDenied("sts:AssumeRoleWithSAML", "no such role");
  const trust = parseTrustPolicy(found.role.trustPolicy);
  const context = contextOf(call, request);
  const caller = { kind: "saml", accountId: "", arn: provider.arn, principalTags: {} } as const;
  for (const action of actionsOf(assertion)) {
    const decision = evaluateTrustPolicy(trust, { action, resource: found.role.arn, caller, context });
    if (decision.effect !== "allow") throw accessDenied(action, decision.reason);
  }
  return found;
}

function actionsOf({ tags, sourceIdentity }: AcceptedAssertion): string[] {
  return [
    "sts:AssumeRoleWithSAML",
    ...(tags.length > 0 ? ["sts:TagSession"] : []),
    ...(sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
  ];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml */
function contextOf(
  call: UnsignedCall,
  { provider: { arn }, assertion, nameQualifier }: SamlSessionRequest,
): ConditionContext {
  const { transitiveTagKeys } = assertion;
  return federatedContext(call, {
    "aws:FederatedProvider": arn,
    "saml:aud": assertion.audience,
    "saml:doc": `${arn.split(":")[4]}${arn.slice(arn.indexOf("/"))}`,
    "saml:iss": assertion.issuer,
    "saml:namequalifier": nameQualifier,
    "saml:sub": assertion.subject,
    "saml:sub_type": assertion.subjectType,
    "sts:RoleSessionName": assertion.roleSessionName,
    "sts:SourceIdentity": assertion.sourceIdentity,
    "sts:TransitiveTagKeys": transitiveTagKeys.length > 0 ? transitiveTagKeys : undefined,
    ...requestTagKeys(assertion.tags),
  });
}

function accessDenied(action: string, reason: string): AwsError {
  return new AwsError("AccessDenied", `Not authorized to perform ${action} (${reason})`, 403);
}
