import { AwsError } from "../aws-error.ts";
import type { UnsignedCall } from "../call.ts";
import { federatedContext, type ActionKeys } from "../condition-context.ts";
import { parseTrustPolicy } from "../policy/document.ts";
import { evaluateTrustPolicy } from "../policy/evaluate.ts";
import { findRole, type FoundRole } from "./authorize-session.ts";

/** What the proof in a call says of who asks. */
export interface FederatedRequest {
  kind: "saml" | "web-identity";
  /** As `Federated` names it in a trust policy. */
  provider: string;
  /** Each that the call means, the call's own first. */
  actions: readonly [string, ...string[]];
  keys: ActionKeys;
}

/**
 * Finds the role of a call that nobody signs and asks its trust policy for each action. Nothing else decides: whoever
 * asks has no policies in AWS. Throws `AccessDenied` with what decided.
 */
export function authorizeFederated(
  call: UnsignedCall,
  roleArn: string,
  { kind, provider, actions, keys }: FederatedRequest,
): FoundRole {
  const found = findRole(roleArn, call.state);
  if (found === undefined) throw federatedDenied(actions[0], "no such role");
  const trust = parseTrustPolicy(found.role.trustPolicy);
  const caller = { kind, accountId: "", arn: provider, principalTags: {} };
  const context = federatedContext(call, { "aws:FederatedProvider": provider, ...keys });
  for (const action of actions) {
    const decision = evaluateTrustPolicy(trust, { action, resource: found.role.arn, caller, context });
    if (decision.effect !== "allow") throw federatedDenied(action, decision.reason);
  }
  return found;
}

export function federatedDenied(action: string, reason: string): AwsError {
  return new AwsError("AccessDenied", `Not authorized to perform ${action} (${reason})`, 403);
}
