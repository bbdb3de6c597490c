import { describe, expect, it } from "vitest";
import {
  parseIdentityPolicy,
  parseTrustPolicy,
  PolicyDocumentError,
} from "../../../packages/sandbox/src/policy/document.ts";
import { authorizeAssumeRole } from "../../../packages/sandbox/src/policy/evaluate.ts";
import { contextOf, ownAccount, roleArn } from "./build.ts";
import type { Outcome, TrustPolicyCase } from "./trust-policy-case.ts";
import { trustPolicyCases } from "./trust-policy-cases.ts";

const allCases = Object.values(trustPolicyCases).flat();

function named(policies: readonly string[]) {
  return policies.map((text, index) => ({ name: `Policy${index}`, document: parseIdentityPolicy(text) }));
}

function outcomeOf({
  trust,
  caller,
  context = {},
  actions,
  callerPolicies = [],
  sessionPolicies,
}: TrustPolicyCase): {
  outcome: Outcome;
  reason: string;
} {
  try {
    const { effect, reason } = authorizeAssumeRole({
      roleArn,
      roleAccountId: ownAccount,
      trust: parseTrustPolicy(trust),
      caller,
      callerPolicies: named(callerPolicies),
      ...(sessionPolicies === undefined ? {} : { callerSessionPolicies: named(sessionPolicies) }),
      actions: actions ?? ["sts:AssumeRole"],
      context: contextOf(context),
    });
    return { outcome: effect, reason };
  } catch (error) {
    if (error instanceof PolicyDocumentError) return { outcome: "malformed", reason: error.message };
    throw error;
  }
}

describe.each(Object.entries(trustPolicyCases))("%s", (_theme, cases) => {
  for (const trustPolicyCase of cases) {
    it(trustPolicyCase.name, () => {
      const { outcome, reason } = outcomeOf(trustPolicyCase);
      expect(outcome, reason).toBe(trustPolicyCase.expected);
    });
  }
});

describe("the table of cases", () => {
  it("has at least 200 cases, each with a sentence of its own", () => {
    expect(new Set(allCases.map(({ name }) => name)).size).toBe(allCases.length);
    expect(allCases.length).toBeGreaterThanOrEqual(200);
  });

  it("has no two cases that ask the same", () => {
    const questions = allCases.map(({ name: _name, decidedBy: _page, ...question }) =>
      JSON.stringify(question),
    );
    const repeated = allCases.filter((_, index) => questions.indexOf(questions[index] ?? "") !== index);
    expect(repeated.map(({ name }) => name)).toEqual([]);
  });

  it("names for each case the page of AWS's documentation that decides it", () => {
    for (const { decidedBy } of allCases) {
      expect(decidedBy).toMatch(
        /^https:\/\/docs\.aws\.amazon\.com\/(?:IAM|STS)\/latest\/\w+\/[\w-]+\.html(?:#[\w-]+)?$/,
      );
    }
  });
});
