import { parentOf, type Role } from "./role.ts";

/**
 * Whose quota the call for a role counts against, as far as that is known without asking: the id of an account. AWS
 * counts who signs, not whose role it is; a call that nobody signs counts for the role's own account. All whose account
 * is not known are one: that of the empty string.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function callAccount(role: Role, roles: ReadonlyMap<string, Role>): string {
  if (role.type === "web-identity" || role.type === "saml" || role.type === "roles-anywhere") {
    return accountIn(role.roleArn);
  }
  let signer = parentRole(role, roles);
  // A narrowed session is of the account of the one it came from.
  while (signer?.type === "scoped") signer = parentRole(signer, roles);
  if (signer === undefined) return "";
  if ("roleArn" in signer) return accountIn(signer.roleArn);
  return signer.type === "sso" ? signer.accountId : "";
}

function parentRole(role: Role, roles: ReadonlyMap<string, Role>): Role | undefined {
  return roles.get(parentOf(role) ?? "");
}

function accountIn(arn: string): string {
  return arn.split(":")[4] ?? "";
}
