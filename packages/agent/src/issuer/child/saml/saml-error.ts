import { ExpiredTokenException, InvalidIdentityTokenException } from "@aws-sdk/client-sts";
import { RoleAgentError } from "@role-agent/provider/errors";
import { printable } from "../../../core/printable.ts";
import type { SamlRole } from "../../../core/role.ts";
import { shellWord } from "../../../core/shell-word.ts";
import { fromSdkError } from "../sdk-error.ts";

/** Whether another assertion than the one that was refused may be taken. */
export function isWorthANewAssertion(error: unknown): boolean {
  return error instanceof RoleAgentError
    ? error.code !== "SourceUnavailable"
    : error instanceof ExpiredTokenException || error instanceof InvalidIdentityTokenException;
}

/** Sorts a failure of AssumeRoleWithSAML into our codes. */
export function samlError(error: unknown, role: SamlRole): RoleAgentError {
  const sorted = fromSdkError(error, `sts:AssumeRoleWithSAML of ${role.roleArn}`);
  if (error instanceof ExpiredTokenException) return expired(role, sorted.message, error);
  if (error instanceof InvalidIdentityTokenException) {
    return new RoleAgentError("InvalidConfiguration", sorted.message, {
      hint: "check that principal_arn has the identity provider's newest metadata, and the assertion's audience",
      cause: error,
    });
  }
  return sorted;
}

/** An assertion that came too late. With a file a person must act; a process should have brought a new one. */
export function expired(role: SamlRole, message: string, cause?: unknown): RoleAgentError {
  return role.assertion.type === "file"
    ? assertionRequired(role.name, role.assertion.path, message, cause)
    : new RoleAgentError("InvalidConfiguration", message, {
        hint: "saml_assertion_process must print a new assertion each time, and this machine's clock must be right",
        cause,
      });
}

/** Only a person can bring a new assertion. */
export function assertionRequired(
  name: string,
  path: string,
  message: string,
  cause?: unknown,
): RoleAgentError {
  const hint = `sign in, save the new SAML response as ${printable(shellWord(path))}, then: role-agent refresh ${printable(shellWord(name))}`;
  return new RoleAgentError("LoginRequired", message, { hint, cause });
}

/** The key that names where a role's assertion comes from. */
export function nameOf({ assertion }: SamlRole): string {
  return `saml_assertion_${assertion.type}`;
}
