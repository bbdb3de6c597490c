import { RoleAgentError } from "@role-agent/provider/errors";
import type { SamlRole } from "../../../core/role.ts";
import { lookInto, type AssertedRole } from "./look-into.ts";
import { expired, nameOf } from "./saml-error.ts";

/** This machine's clock may be fast: within these milliseconds AWS decides whether an assertion has ended. */
const clockToleranceMs = 300_000;

/**
 * Throws where AWS is certain to refuse an assertion and would say less about why: it is no SAML response, has ended,
 * or is for other roles.
 */
export function checkAssertion(assertion: string, role: SamlRole, now: number): void {
  const content = lookInto(assertion);
  if (content === undefined) {
    throw new RoleAgentError("InvalidConfiguration", `${nameOf(role)} holds no SAML response`, {
      hint: "it must be the base64 text that the browser posts to AWS as SAMLResponse, 4 to 100000 characters",
    });
  }
  const { roles, notOnOrAfter } = content;
  if (notOnOrAfter + clockToleranceMs <= now) throw expired(role, "the assertion has expired");
  if (roles !== undefined && !roles.some((each) => isFor(each, role))) throw otherRoles(role, roles);
}

function isFor({ roleArn, principalArn }: AssertedRole, role: SamlRole): boolean {
  return roleArn === role.roleArn && principalArn === role.principalArn;
}

function otherRoles(role: SamlRole, roles: readonly AssertedRole[]): RoleAgentError {
  const count = roles.length === 1 ? "1 role" : `${roles.length} roles`;
  const isOfAnotherProvider = roles.some(({ roleArn }) => roleArn === role.roleArn);
  return new RoleAgentError(
    "InvalidConfiguration",
    isOfAnotherProvider
      ? `the assertion has ${role.roleArn} with another provider than ${role.principalArn}`
      : `the assertion holds ${count}, and ${role.roleArn} is not among them`,
    {
      hint: isOfAnotherProvider
        ? "correct principal_arn"
        : "have the role assigned to you at the identity provider, or correct role_arn",
    },
  );
}
