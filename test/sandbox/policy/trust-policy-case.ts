import type { Caller } from "../../../packages/sandbox/src/policy/context.ts";
import { alice, allow, aws, policy, type ConditionJson } from "./build.ts";

export type Outcome = "allow" | "explicit-deny" | "implicit-deny" | "malformed";
export type Keys = Readonly<Record<string, string | readonly string[]>>;

/** One call of AssumeRole, and what AWS's documentation says becomes of it. */
export interface TrustPolicyCase {
  /** A sentence. */
  name: string;
  trust: string;
  caller: Caller;
  context?: Keys;
  /** sts:AssumeRole alone, unless said. */
  actions?: readonly string[];
  /** Identity policies of the caller; none unless said. */
  callerPolicies?: readonly string[];
  sessionPolicies?: readonly string[];
  expected: Outcome;
  /** The page of AWS's documentation that decides the case. */
  decidedBy: string;
}

/** What a condition makes of requests with these keys: rows of sentence, keys and whether it holds. */
export function conditionCases(
  decidedBy: string,
  condition: ConditionJson,
  rows: readonly (readonly [name: string, context: Keys, outcome: "holds" | "fails"])[],
): TrustPolicyCase[] {
  return rows.map(([name, context, outcome]) => ({
    name,
    trust: policy(allow(aws(alice.arn), { Condition: condition })),
    caller: alice,
    context,
    expected: outcome === "holds" ? "allow" : "implicit-deny",
    decidedBy,
  }));
}

/** What a trust policy makes of callers that have no policies of their own: rows of sentence, caller and outcome. */
export function callerCases(
  decidedBy: string,
  trust: string,
  rows: readonly (readonly [name: string, caller: Caller, expected: Outcome])[],
): TrustPolicyCase[] {
  return rows.map(([name, caller, expected]) => ({ name, trust, caller, expected, decidedBy }));
}
