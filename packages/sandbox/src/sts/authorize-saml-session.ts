import type { UnsignedCall } from "../call.ts";
import { requestTagKeys, type ActionKeys } from "../condition-context.ts";
import type { AcceptedAssertion } from "../saml/accepted-assertion.ts";
import type { SamlProvider } from "../state.ts";
import { authorizeFederated, federatedDenied } from "./authorize-federated.ts";
import type { FoundRole } from "./authorize-session.ts";

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
  if (!isAsserted) throw federatedDenied("sts:AssumeRoleWithSAML", "the assertion doesn't have the role");
  return authorizeFederated(call, RoleArn, {
    kind: "saml",
    provider: provider.arn,
    actions: actionsOf(assertion),
    keys: samlKeys(request),
  });
}

function actionsOf({ tags, sourceIdentity }: AcceptedAssertion): [string, ...string[]] {
  return [
    "sts:AssumeRoleWithSAML",
    ...(tags.length > 0 ? ["sts:TagSession"] : []),
    ...(sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
  ];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml */
function samlKeys({ provider: { arn }, assertion, nameQualifier }: SamlSessionRequest): ActionKeys {
  const { transitiveTagKeys } = assertion;
  return {
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
  };
}
