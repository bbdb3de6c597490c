import type { Caller } from "./policy/context.ts";
import { parseIdentityPolicy } from "./policy/document.ts";
import type { NamedPolicy } from "./policy/evaluate.ts";
import type { PolicyHolder, Role, RoleSession, SandboxState, User, UserSession } from "./state.ts";
import { mergeTags } from "./tags.ts";

/** Who calls: a user with long-term keys, a user with those of GetSessionToken, or a session of a role. */
export type Principal =
  | { kind: "user"; accountId: string; user: User; session: UserSession | undefined }
  | { kind: "role"; accountId: string; role: Role; session: RoleSession };

/**
 * What GetCallerIdentity says
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
 */
export function identityOf(principal: Principal): { arn: string; userId: string } {
  return principal.kind === "user"
    ? { arn: principal.user.arn, userId: principal.user.userId }
    : assumedRoleUser(principal.session);
}

export function assumedRoleUser(
  session: Pick<RoleSession, "accountId" | "roleName" | "roleId" | "sessionName">,
): { arn: string; userId: string } {
  return {
    arn: `arn:aws:sts::${session.accountId}:assumed-role/${session.roleName}/${session.sessionName}`,
    userId: `${session.roleId}:${session.sessionName}`,
  };
}

export function callerOf(principal: Principal): Caller {
  const { accountId } = principal;
  const { arn } = identityOf(principal);
  if (principal.kind === "user") {
    return { kind: "user", accountId, arn, principalTags: principal.user.tags };
  }
  return {
    kind: "assumed-role",
    accountId,
    arn,
    roleArn: principal.role.arn,
    principalTags: mergeTags(principal.role.tags, principal.session.tags),
  };
}

export function identityPoliciesOf(principal: Principal, state: SandboxState): NamedPolicy[] {
  return policiesOf(principal.kind === "user" ? principal.user : principal.role, state);
}

/** Undefined is no limit. */
export function sessionPoliciesOf(principal: Principal): NamedPolicy[] | undefined {
  if (principal.kind === "user" || principal.session.policies.length === 0) return undefined;
  return principal.session.policies.map(({ name, document }) => namedPolicy(name, document));
}

/** Of GetScopedCredentials: each must allow by itself whatever else is allowed. */
export function scopePoliciesOf({ session }: Principal): NamedPolicy[] {
  return (session?.scopePolicies ?? []).map((text, index) =>
    namedPolicy(`scope-down policy ${index + 1}`, text),
  );
}

function policiesOf(holder: PolicyHolder, state: SandboxState): NamedPolicy[] {
  const attached = holder.attachedPolicies.flatMap((arn) => {
    const policy = state.managedPolicies[arn];
    return policy === undefined ? [] : [namedPolicy(policy.policyName, policy.document)];
  });
  const inline = Object.entries(holder.inlinePolicies).map(([name, text]) => namedPolicy(name, text));
  return [...attached, ...inline];
}

function namedPolicy(name: string, text: string): NamedPolicy {
  return { name, document: parseIdentityPolicy(text) };
}
