import { conditionHolds } from "./condition-match.ts";
import type { AuthorizationRequest, ConditionContext } from "./context.ts";
import { matchPrincipal, type PrincipalMatch } from "./principal-match.ts";
import type { Statement } from "./statement.ts";
import { substituteVariables, toPattern, type PolicyVersion } from "./variables.ts";
import { any, matchesArn, matchesPattern, wildcardPattern } from "./wildcard.ts";

export type StatementMatch =
  | { matched: true; principal: PrincipalMatch }
  /** `progress`: how many of the statement's elements were met before the one that `miss` describes. */
  | { matched: false; progress: number; miss: string };

/** Whether a statement applies to a request: its principal, action, resource and every condition. */
export function matchStatement(
  statement: Statement,
  version: PolicyVersion,
  request: AuthorizationRequest,
): StatementMatch {
  const { caller, action, resource, context } = request;
  const principal =
    statement.principals === undefined ? "directly" : matchPrincipal(statement.principals, caller);
  if (principal === undefined) {
    return miss(0, `Principal does not name ${caller.arn || "an anonymous caller"}`);
  }
  if (!includesAction(statement, action)) return miss(1, `${action} is not among its actions`);
  if (!includesResource(statement, version, resource, context)) {
    return miss(2, `${resource} is not among its resources`);
  }
  const failed = statement.conditions.find((condition) => !conditionHolds(condition, version, context));
  if (failed !== undefined) return miss(3, `condition ${failed.operator} ${failed.key} does not match`);
  return { matched: true, principal };
}

function miss(progress: number, what: string): StatementMatch {
  return { matched: false, progress, miss: what };
}

function includesAction({ actions, notActions = [] }: Statement, action: string): boolean {
  const name = action.toLowerCase();
  const among = (list: readonly string[]): boolean =>
    list.some((pattern) => matchesPattern(wildcardPattern(pattern.toLowerCase()), name));
  return actions === undefined ? !among(notActions) : among(actions);
}

/** A trust policy has no resources: it is about its own role. */
function includesResource(
  { resources, notResources }: Statement,
  version: PolicyVersion,
  resource: string,
  context: ConditionContext,
): boolean {
  const among = (list: readonly string[]): boolean =>
    list.some((pattern) => matchesResource(pattern, version, resource, context));
  if (resources !== undefined) return among(resources);
  return notResources === undefined || !among(notResources);
}

function matchesResource(
  resource: string,
  version: PolicyVersion,
  actual: string,
  context: ConditionContext,
): boolean {
  const pieces = substituteVariables(resource, version, context);
  if (pieces === undefined) return false;
  const pattern = toPattern(pieces);
  return (pattern.length === 1 && pattern[0] === any) || matchesArn(pattern, actual);
}
