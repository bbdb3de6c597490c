import { createSamlProvider, type AssertionOptions } from "@role-agent/sandbox";
import type { ProofSource, SamlRole } from "../../../../packages/agent/src/core/role.ts";

/** One for all tests of a file, since making its key takes long. */
export const identityProvider = createSamlProvider();

export const roleArn = "arn:aws:iam::444455556666:role/Federated";
export const principalArn = "arn:aws:iam::444455556666:saml-provider/Okta";

export function samlRole(assertion: ProofSource = { type: "file", path: "/home/alice/saml" }): SamlRole {
  return {
    type: "saml",
    name: "okta",
    definedIn: "config.toml [roles.okta]",
    roleArn,
    principalArn,
    assertion,
    durationSeconds: 3600,
    policyArns: [],
  };
}

/** A good assertion for {@link samlRole}, but for what the options say. */
export function samlAssertion(options: Partial<AssertionOptions> = {}): string {
  return identityProvider.assertion({
    roles: [`${roleArn},${principalArn}`],
    sessionName: "alice@example.com",
    ...options,
  });
}
