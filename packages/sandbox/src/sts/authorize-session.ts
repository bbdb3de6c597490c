import { AwsError } from "../aws-error.ts";
import type { Call } from "../call.ts";
import { conditionContext, mfaKeys, requestTagKeys } from "../condition-context.ts";
import { parseTrustPolicy } from "../policy/document.ts";
import { authorizeAssumeRole, evaluateIdentityPolicies } from "../policy/evaluate.ts";
import {
  callerOf,
  identityOf,
  identityPoliciesOf,
  scopePoliciesOf,
  sessionPoliciesOf,
} from "../principal.ts";
import type { Role, RoleSession, SandboxState } from "../state.ts";
import type { AssumeRoleInput } from "./assume-role-input.ts";
import { inheritedTags } from "./session-tags.ts";

export interface FoundRole {
  role: Role;
  accountId: string;
}

export interface AuthorizedRole extends FoundRole {
  /** Of the new session: the one asked for or that of the calling session. */
  sourceIdentity: string | undefined;
}

/**
 * Finds the role of an AssumeRole call and asks its trust policy and the caller's policies for each action
 * that the call means. Throws `AccessDenied` with what decided, for a role that doesn't exist too.
 */
export function authorizeSession(
  call: Call,
  input: AssumeRoleInput,
  calling: RoleSession | undefined,
  mfaAuthenticatedAt: number | undefined,
): AuthorizedRole {
  const found = findRole(input.RoleArn, call.state);
  if (found === undefined) throw accessDenied(call, "sts:AssumeRole", input.RoleArn, "no such role");
  const sourceIdentity = continuedSourceIdentity(call, input, calling);
  const trust = parseTrustPolicy(found.role.trustPolicy);
  const sessionPolicies = sessionPoliciesOf(call.principal);
  const context = conditionContext(call, {
    ...requestTagKeys(input.Tags),
    ...(mfaAuthenticatedAt !== undefined && mfaKeys(mfaAuthenticatedAt, call.now)),
    "sts:ExternalId": input.ExternalId,
    "sts:RoleSessionName": input.RoleSessionName,
    "sts:SourceIdentity": sourceIdentity,
    "sts:TransitiveTagKeys": input.TransitiveTagKeys.length > 0 ? input.TransitiveTagKeys : undefined,
  });
  const withTags = input.Tags.length > 0 || Object.keys(inheritedTags(calling)).length > 0;
  for (const action of actionsOf(withTags, sourceIdentity !== undefined)) {
    const decision = authorizeAssumeRole({
      roleArn: found.role.arn,
      roleAccountId: found.accountId,
      trust,
      caller: callerOf(call.principal),
      callerPolicies: identityPoliciesOf(call.principal, call.state),
      ...(sessionPolicies && { callerSessionPolicies: sessionPolicies }),
      actions: [action],
      context,
    });
    if (decision.effect !== "allow") throw accessDenied(call, action, found.role.arn, decision.reason);
    for (const policy of scopePoliciesOf(call.principal)) {
      const request = { action, resource: found.role.arn, caller: callerOf(call.principal), context };
      const { effect, reason } = evaluateIdentityPolicies([policy], request);
      if (effect !== "allow") throw accessDenied(call, action, found.role.arn, reason);
    }
  }
  return { ...found, sourceIdentity };
}

/** What a session passes on through a chain needs the next role's permission anew. */
function actionsOf(withTags: boolean, withSourceIdentity: boolean): string[] {
  return [
    "sts:AssumeRole",
    ...(withTags ? ["sts:TagSession"] : []),
    ...(withSourceIdentity ? ["sts:SetSourceIdentity"] : []),
  ];
}

/**
 * Once set, a source identity stays:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
function continuedSourceIdentity(
  call: Call,
  input: AssumeRoleInput,
  calling: RoleSession | undefined,
): string | undefined {
  const current = calling?.sourceIdentity;
  if (current === undefined) return input.SourceIdentity;
  if (input.SourceIdentity === undefined || input.SourceIdentity === current) return current;
  const reason = "the calling session has another source identity, which can't be changed";
  throw accessDenied(call, "sts:SetSourceIdentity", input.RoleArn, reason);
}

/** Throws `ValidationError` for what is no role's ARN. */
export function findRole(arn: string, state: SandboxState): FoundRole | undefined {
  const [, accountId, roleName] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (accountId === undefined || roleName === undefined) {
    throw new AwsError("ValidationError", `${arn} is invalid`);
  }
  const role = state.accounts[accountId]?.roles[roleName];
  return role?.arn === arn ? { role, accountId } : undefined;
}

function accessDenied(call: Call, action: string, roleArn: string, reason: string): AwsError {
  const { arn } = identityOf(call.principal);
  return new AwsError(
    "AccessDenied",
    `User: ${arn} is not authorized to perform: ${action} on resource: ${roleArn} (${reason})`,
    403,
  );
}
