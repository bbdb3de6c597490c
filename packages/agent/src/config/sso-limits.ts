/**
 * What IAM Identity Center certainly refuses. Each function returns what is wrong with a value, or undefined.
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */

/** AccountId */
export function accountIdProblem(id: string): string | undefined {
  return /^\d{12}$/.test(id) ? undefined : "must be an account id of exactly 12 digits, in quotes";
}

/** RoleName: the name of a permission set. */
export function permissionSetProblem(name: string): string | undefined {
  return /^[\w+=,.@-]{1,32}$/.test(name)
    ? undefined
    : "must be the name of a permission set: 1 to 32 characters, only letters, digits and +=,.@_-";
}

/** The address of the access portal. */
export function startUrlProblem(url: string): string | undefined {
  return /^https:\/\/[^\s\p{Cc}]+$/u.test(url) && URL.canParse(url)
    ? undefined
    : "must be the https address of the access portal, such as https://example.awsapps.com/start";
}
