import type { Caller } from "./context.ts";
import type { PrincipalSet } from "./principals.ts";

/**
 * How a statement names the caller, which decides what else must allow the call within one account:
 * `directly` (the user, the session, the service, or everyone by `*`): nothing; by its `role`: the session policies;
 * by its `account`: the caller's own policies too, since the account is only delegated to.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export type PrincipalMatch = "directly" | "role" | "account";

/** From the strongest to the weakest. */
export const principalMatches: readonly PrincipalMatch[] = ["directly", "role", "account"];

/** How the principals name the caller; undefined when they don't. */
export function matchPrincipal(principals: PrincipalSet, caller: Caller): PrincipalMatch | undefined {
  switch (caller.kind) {
    case "service":
      return principals.Service.includes(caller.arn) ? "directly" : undefined;
    case "web-identity":
    case "saml":
      return principals.Federated.includes(caller.arn) ? "directly" : undefined;
    case "anonymous":
      return principals.AWS.includes("*") ? "directly" : undefined;
    default:
      return matchAwsPrincipal(principals.AWS, caller);
  }
}

function matchAwsPrincipal(principals: readonly string[], caller: Caller): PrincipalMatch | undefined {
  if (principals.includes("*") || principals.includes(caller.arn)) return "directly";
  if (caller.roleArn !== undefined && principals.includes(caller.roleArn)) return "role";
  return principals.some((principal) => rootAccount(principal) === caller.accountId) ? "account" : undefined;
}

function rootAccount(principal: string): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):root$/.exec(principal)?.[1];
}
