import type { AuthorizationRequest, Caller, ConditionContext } from "./context.ts";
import type { PolicyDocument } from "./document.ts";
import {
  evaluateIdentityPolicies,
  evaluateTrustPolicy,
  type Decision,
  type NamedPolicy,
} from "./policy-decision.ts";

export interface AssumeRoleInput {
  roleArn: string;
  roleAccountId: string;
  trust: PolicyDocument;
  caller: Caller;
  /** Identity policies of the calling user or role. A root user has none, and its own account allows it everything. */
  callerPolicies: readonly NamedPolicy[];
  /** Session policies that the caller's role session was made with: they limit it. Absent when it has none. */
  callerSessionPolicies?: readonly NamedPolicy[];
  /** `sts:AssumeRole`, and what else the call does: `sts:TagSession`, `sts:SetSourceIdentity`. All must be allowed. */
  actions: readonly string[];
  context: ConditionContext;
}

/**
 * Whether the caller may assume the role: for every action, an explicit deny on either side wins; the trust policy must
 * allow it; and the caller's own policies must too, unless the trust policy of the same account names the caller itself.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function authorizeAssumeRole(input: AssumeRoleInput): Decision {
  const decisions = input.actions.map((action) => authorizeAction(action, input));
  return (
    decisions.find(({ effect }) => effect === "explicit-deny") ??
    decisions.find(({ effect }) => effect === "implicit-deny") ??
    decisions[0] ?? { effect: "implicit-deny", reason: "no action is requested" }
  );
}

function authorizeAction(action: string, input: AssumeRoleInput): Decision {
  const { roleArn, roleAccountId, caller, callerPolicies, callerSessionPolicies, context } = input;
  const request: AuthorizationRequest = { action, resource: roleArn, caller, context };
  const trust = evaluateTrustPolicy(input.trust, request);
  if (trust.effect === "explicit-deny" || !hasOwnPolicies(caller)) return trust;

  const identity = evaluateIdentityPolicies(callerPolicies, request);
  const session = evaluateIdentityPolicies(callerSessionPolicies ?? [], request);
  if (identity.effect === "explicit-deny") return identity;
  if (session.effect === "explicit-deny") return session;
  if (trust.effect === "implicit-deny") return trust;

  const bothSides =
    caller.accountId !== roleAccountId ||
    trust.principal === "account" ||
    chainsSourceIdentity(action, caller);
  if (bothSides && identity.effect !== "allow") return callerSideMissing(action, identity);
  const sessionLimits = callerSessionPolicies !== undefined && (bothSides || trust.principal === "role");
  if (sessionLimits && session.effect !== "allow") return callerSideMissing(action, session);
  return trust;
}

/** A root user has no policies and needs none; services, federated identities and anonymous callers have no account. */
function hasOwnPolicies({ kind }: Caller): boolean {
  return kind === "user" || kind === "assumed-role" || kind === "federated-user";
}

/**
 * Handing a source identity on from role to role needs both sides even within one account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html#id_credentials_temp_control-access_monitor-perms
 */
function chainsSourceIdentity(action: string, { kind }: Caller): boolean {
  return action === "sts:SetSourceIdentity" && kind === "assumed-role";
}

function callerSideMissing(action: string, { effect, reason }: Decision): Decision {
  return {
    effect,
    reason: `the trust policy allows ${action}, but the caller's own policies must too: ${reason}`,
  };
}
