import { AwsError } from "../aws-error.ts";
import { invalidClientTokenId } from "../authenticate.ts";
import type { Call } from "../call.ts";
import { conditionContext, type ActionKeys } from "../condition-context.ts";
import { evaluateIdentityPolicies, type Decision, type NamedPolicy } from "../policy/evaluate.ts";
import {
  callerOf,
  identityOf,
  identityPoliciesOf,
  scopePoliciesOf,
  sessionPoliciesOf,
} from "../principal.ts";

/**
 * Throws `AccessDenied` (403) unless the caller's identity policies allow the action on the resource and, in
 * a session that has session policies or was scoped down, these do too. Keys of GetSessionToken without MFA can't call IAM
 * at all, as AWS documents: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export function authorize(call: Call, action: string, resource: string, actionKeys?: ActionKeys): void {
  const { principal } = call;
  const { session } = principal;
  if (session?.kind === "user" && session.mfaAuthenticatedAt === undefined && !session.isLogin) {
    throw invalidClientTokenId();
  }
  const request = {
    action,
    resource,
    caller: callerOf(principal),
    context: conditionContext(call, actionKeys),
  };
  const check = (kind: string, policies: NamedPolicy[]): void => {
    const decision = evaluateIdentityPolicies(policies, request);
    if (decision.effect === "allow") return;
    const user = `User: ${identityOf(principal).arn}`;
    throw new AwsError(
      "AccessDenied",
      `${user} is not authorized to perform: ${action} on resource: ${resource} ${because(kind, action, decision)}`,
      403,
    );
  };
  check("identity-based", identityPoliciesOf(principal, call.state));
  const sessionPolicies = sessionPoliciesOf(principal);
  if (sessionPolicies !== undefined) check("session", sessionPolicies);
  for (const policy of scopePoliciesOf(principal)) check("session", [policy]);
}

function because(kind: string, action: string, { effect, reason }: Decision): string {
  return effect === "explicit-deny"
    ? `with an explicit deny in ${kind === "session" ? "a session" : "an identity-based"} policy (${reason})`
    : `because no ${kind} policy allows the ${action} action (${reason})`;
}
