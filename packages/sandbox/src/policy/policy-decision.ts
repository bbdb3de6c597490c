import type { AuthorizationRequest } from "./context.ts";
import type { PolicyDocument } from "./document.ts";
import { principalMatches, type PrincipalMatch } from "./principal-match.ts";
import type { Statement } from "./statement.ts";
import { matchStatement, type StatementMatch } from "./statement-match.ts";

export interface Decision {
  effect: "allow" | "explicit-deny" | "implicit-deny";
  /**
   * The policy and statement that decided, or the one that came closest to allowing, and what it missed:
   * `trust policy, statement 0 ("AllowPartner"): condition StringEquals sts:ExternalId does not match`.
   * It never tells a value that a condition expects.
   */
  reason: string;
}

export interface NamedPolicy {
  name: string;
  document: PolicyDocument;
}

/** A decision, and of an allow, how the allowing statement names the caller (the strongest way, if several allow). */
export interface PolicyDecision extends Decision {
  principal?: PrincipalMatch;
}

interface Evaluated {
  policy: NamedPolicy;
  statement: Statement;
  match: StatementMatch;
}

/** Whether a role's trust policy alone allows an action to the caller; the resource is the role it belongs to. */
export function evaluateTrustPolicy(trust: PolicyDocument, request: AuthorizationRequest): PolicyDecision {
  return evaluatePolicies([{ name: "trust policy", document: trust }], request);
}

/** Whether the caller's own policies, taken together, allow an action on a resource. */
export function evaluateIdentityPolicies(
  policies: readonly NamedPolicy[],
  request: AuthorizationRequest,
): PolicyDecision {
  return evaluatePolicies(
    policies.map(({ name, document }) => ({ name: `policy "${name}"`, document })),
    request,
  );
}

/**
 * Decides on policies of one kind together: a Deny that applies wins, else an Allow that applies, else it is denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html
 */
function evaluatePolicies(policies: readonly NamedPolicy[], request: AuthorizationRequest): PolicyDecision {
  const { action } = request;
  const evaluated = policies.flatMap((policy): Evaluated[] =>
    policy.document.statements.map((statement) => ({
      policy,
      statement,
      match: matchStatement(statement, policy.document.version, request),
    })),
  );
  const deny = evaluated.find(({ statement, match }) => statement.effect === "Deny" && match.matched);
  if (deny !== undefined) return { effect: "explicit-deny", reason: `${nameOf(deny)} denies ${action}` };
  return (
    strongestAllow(evaluated, action) ?? { effect: "implicit-deny", reason: closestMiss(evaluated, action) }
  );
}

function strongestAllow(evaluated: readonly Evaluated[], action: string): PolicyDecision | undefined {
  for (const principal of principalMatches) {
    const allow = evaluated.find(
      ({ statement, match }) =>
        statement.effect === "Allow" && match.matched && match.principal === principal,
    );
    if (allow !== undefined) {
      return { effect: "allow", reason: `${nameOf(allow)} allows ${action}`, principal };
    }
  }
  return undefined;
}

function closestMiss(evaluated: readonly Evaluated[], action: string): string {
  let closest = { progress: -1, reason: `no statement allows ${action}` };
  for (const candidate of evaluated) {
    const { statement, match } = candidate;
    if (statement.effect !== "Allow" || match.matched || match.progress <= closest.progress) continue;
    closest = { progress: match.progress, reason: `${nameOf(candidate)}: ${match.miss}` };
  }
  return closest.reason;
}

function nameOf({ policy, statement }: Evaluated): string {
  return `${policy.name}, statement ${statement.index}${statement.sid ? ` ("${statement.sid}")` : ""}`;
}
