import { describe, expect, it } from "vitest";
import type { Caller } from "../../../packages/sandbox/src/policy/context.ts";
import { parseIdentityPolicy, parseTrustPolicy } from "../../../packages/sandbox/src/policy/document.ts";
import {
  authorizeAssumeRole,
  evaluateIdentityPolicies,
  evaluateTrustPolicy,
} from "../../../packages/sandbox/src/policy/evaluate.ts";
import {
  alice,
  allow,
  anonymous,
  aws,
  bob,
  contextOf,
  deny,
  may,
  ownAccount,
  policy,
  roleArn,
} from "./build.ts";

const noKeys = contextOf({});
const partner = allow(aws(bob.arn), {
  Sid: "AllowPartner",
  Condition: { StringEquals: { "sts:ExternalId": "s3cret-id" } },
});

function trustReason(trust: string, caller: Caller, context = noKeys): string {
  const request = { action: "sts:AssumeRole", resource: roleArn, caller, context };
  return evaluateTrustPolicy(parseTrustPolicy(trust), request).reason;
}

describe("the reason of a decision", () => {
  it("names the statement that allows", () => {
    const context = contextOf({ "sts:ExternalId": "s3cret-id" });
    expect(trustReason(policy(partner), bob, context)).toBe(
      'trust policy, statement 0 ("AllowPartner") allows sts:AssumeRole',
    );
  });

  it("names the statement that denies", () => {
    expect(trustReason(policy(allow(aws("*")), deny(aws(bob.arn))), bob)).toBe(
      "trust policy, statement 1 denies sts:AssumeRole",
    );
  });

  it("names the condition that failed, and not the value it expects", () => {
    const reason = trustReason(policy(partner), bob, contextOf({ "sts:ExternalId": "guess" }));
    expect(reason).toBe(
      'trust policy, statement 0 ("AllowPartner"): condition StringEquals sts:ExternalId does not match',
    );
  });

  it("names the statement that came closest", () => {
    expect(trustReason(policy(allow(aws(alice.arn)), partner, allow(aws(alice.arn))), bob)).toContain(
      'statement 1 ("AllowPartner"): condition',
    );
  });

  it("names the first of the statements that came as close", () => {
    expect(trustReason(policy(allow(aws(alice.arn)), allow(aws(alice.arn))), bob)).toContain("statement 0:");
  });

  it("says that no principal fits", () => {
    expect(trustReason(policy(partner), alice)).toBe(
      `trust policy, statement 0 ("AllowPartner"): Principal does not name ${alice.arn}`,
    );
    expect(trustReason(policy(partner), anonymous)).toContain("Principal does not name an anonymous caller");
  });

  it("says that no action fits", () => {
    expect(trustReason(policy(allow(aws(bob.arn), { Action: "sts:TagSession" })), bob)).toBe(
      "trust policy, statement 0: sts:AssumeRole is not among its actions",
    );
  });

  it("says that nothing allows at all", () => {
    expect(trustReason(policy(deny(aws(alice.arn))), bob)).toBe("no statement allows sts:AssumeRole");
  });

  it("names the caller's policy and the resource that is missing", () => {
    const document = parseIdentityPolicy(policy(may({ Resource: "arn:aws:iam::*:role/Audit" })));
    const request = { action: "sts:AssumeRole", resource: roleArn, caller: bob, context: noKeys };
    expect(evaluateIdentityPolicies([{ name: "Audit", document }], request)).toEqual({
      effect: "implicit-deny",
      reason: `policy "Audit", statement 0: ${roleArn} is not among its resources`,
    });
  });

  it("tells which side of a call across accounts is missing", () => {
    const decision = authorizeAssumeRole({
      roleArn,
      roleAccountId: ownAccount,
      trust: parseTrustPolicy(policy(allow(aws(bob.arn)))),
      caller: bob,
      callerPolicies: [],
      actions: ["sts:AssumeRole"],
      context: noKeys,
    });
    expect(decision.reason).toBe(
      "the trust policy allows sts:AssumeRole, but the caller's own policies must too: no statement allows sts:AssumeRole",
    );
  });

  it("is about the trust policy when both sides of a call across accounts are missing", () => {
    const decision = authorizeAssumeRole({
      roleArn,
      roleAccountId: ownAccount,
      trust: parseTrustPolicy(policy(allow(aws(alice.arn)))),
      caller: bob,
      callerPolicies: [],
      actions: ["sts:AssumeRole"],
      context: noKeys,
    });
    expect(decision.reason).toBe(`trust policy, statement 0: Principal does not name ${bob.arn}`);
  });

  it("is about the action that is refused, of several", () => {
    const decision = authorizeAssumeRole({
      roleArn,
      roleAccountId: ownAccount,
      trust: parseTrustPolicy(policy(allow(aws(alice.arn)))),
      caller: alice,
      callerPolicies: [],
      actions: ["sts:AssumeRole", "sts:TagSession"],
      context: noKeys,
    });
    expect(decision).toEqual({
      effect: "implicit-deny",
      reason: "trust policy, statement 0: sts:TagSession is not among its actions",
    });
  });

  it("refuses a call that asks for nothing", () => {
    const decision = authorizeAssumeRole({
      roleArn,
      roleAccountId: ownAccount,
      trust: parseTrustPolicy(policy(allow(aws("*")))),
      caller: alice,
      callerPolicies: [],
      actions: [],
      context: noKeys,
    });
    expect(decision.effect).toBe("implicit-deny");
  });
});
