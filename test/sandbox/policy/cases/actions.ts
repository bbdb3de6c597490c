import { docs } from "../aws-docs.ts";
import { alice, allow, aws, bob, builder, deny, may, partnerAccount, policy } from "../build.ts";
import type { Outcome, TrustPolicyCase } from "../trust-policy-case.ts";

const assume = "sts:AssumeRole";
const tag = "sts:TagSession";
const setIdentity = "sts:SetSourceIdentity";
const trustForTags = policy(allow(aws(alice.arn), { Action: [assume, tag] }));
const trustBuilder = policy(allow(aws(builder.roleArn ?? ""), { Action: [assume, setIdentity] }));
const trustPartner = policy(allow(aws(partnerAccount), { Action: [assume, setIdentity] }));

function aliceCase(
  decidedBy: string,
  name: string,
  trust: string,
  actions: readonly string[],
  expected: Outcome,
): TrustPolicyCase {
  return { name, trust, caller: alice, actions, expected, decidedBy };
}

/** Which actions a statement covers, and what a call with tags or a source identity asks for. */
export const actionCases: TrustPolicyCase[] = [
  aliceCase(
    docs.action,
    "the name of an action ignores case",
    policy(allow(aws(alice.arn), { Action: "STS:assumerole" })),
    [assume],
    "allow",
  ),
  aliceCase(
    docs.action,
    "a wildcard at the end of an action covers it",
    policy(allow(aws(alice.arn), { Action: "sts:Assume*" })),
    [assume],
    "allow",
  ),
  aliceCase(
    docs.action,
    "a wildcard for all of STS covers tags too",
    policy(allow(aws(alice.arn), { Action: "sts:*" })),
    [assume, tag],
    "allow",
  ),
  aliceCase(
    docs.action,
    "a wildcard within an action covers what fits",
    policy(allow(aws(alice.arn), { Action: "sts:A*Role" })),
    [assume],
    "allow",
  ),
  aliceCase(
    docs.action,
    "an action without a wildcard does not cover a longer one",
    policy(allow(aws(alice.arn))),
    ["sts:AssumeRoleWithWebIdentity"],
    "implicit-deny",
  ),
  aliceCase(
    docs.action,
    "a statement about another action does not cover this one",
    policy(allow(aws(alice.arn), { Action: tag })),
    [assume],
    "implicit-deny",
  ),
  aliceCase(
    docs.notAction,
    "NotAction with Allow covers what it does not list",
    policy({ Effect: "Allow", Principal: aws(alice.arn), NotAction: tag }),
    [assume],
    "allow",
  ),
  aliceCase(
    docs.notAction,
    "NotAction with Allow does not cover what it lists",
    policy({ Effect: "Allow", Principal: aws(alice.arn), NotAction: tag }),
    [assume, tag],
    "implicit-deny",
  ),
  aliceCase(
    docs.notAction,
    "NotAction with Deny denies what it does not list",
    policy(allow(aws(alice.arn), { Action: "sts:*" }), {
      Effect: "Deny",
      Principal: aws(alice.arn),
      NotAction: assume,
    }),
    [assume, tag],
    "explicit-deny",
  ),
  aliceCase(
    docs.notAction,
    "NotAction with Deny spares what it lists",
    policy(allow(aws(alice.arn), { Action: "sts:*" }), {
      Effect: "Deny",
      Principal: aws(alice.arn),
      NotAction: assume,
    }),
    [assume],
    "allow",
  ),
  aliceCase(docs.sessionTags, "tags may be passed with sts:TagSession", trustForTags, [assume, tag], "allow"),
  aliceCase(
    docs.sessionTags,
    "tags may not be passed without sts:TagSession",
    policy(allow(aws(alice.arn))),
    [assume, tag],
    "implicit-deny",
  ),
  aliceCase(
    docs.sessionTags,
    "sts:TagSession may be allowed by a statement of its own",
    policy(allow(aws(alice.arn)), allow(aws(alice.arn), { Action: tag })),
    [assume, tag],
    "allow",
  ),
  aliceCase(
    docs.sessionTags,
    "a Deny of sts:TagSession refuses the whole call with tags",
    policy(allow(aws(alice.arn), { Action: "sts:*" }), deny(aws(alice.arn), { Action: tag })),
    [assume, tag],
    "explicit-deny",
  ),
  aliceCase(
    docs.sessionTags,
    "a Deny of sts:TagSession does not touch a call without tags",
    policy(allow(aws(alice.arn), { Action: "sts:*" }), deny(aws(alice.arn), { Action: tag })),
    [assume],
    "allow",
  ),
  aliceCase(
    docs.setSourceIdentity,
    "a source identity may not be set without sts:SetSourceIdentity",
    trustForTags,
    [assume, setIdentity],
    "implicit-deny",
  ),
  {
    name: "a role that hands on a source identity needs it in its own policy, though its role is named",
    trust: trustBuilder,
    caller: builder,
    actions: [assume, setIdentity],
    expected: "implicit-deny",
    decidedBy: docs.setSourceIdentity,
  },
  {
    name: "a role may hand on a source identity with a policy of its own",
    trust: trustBuilder,
    caller: builder,
    actions: [assume, setIdentity],
    callerPolicies: [policy(may({ Action: setIdentity }))],
    expected: "allow",
    decidedBy: docs.setSourceIdentity,
  },
  {
    name: "across accounts a source identity needs both sides",
    trust: trustPartner,
    caller: bob,
    actions: [assume, setIdentity],
    callerPolicies: [policy(may())],
    expected: "implicit-deny",
    decidedBy: docs.setSourceIdentity,
  },
  {
    name: "across accounts a source identity may be set when both sides allow it",
    trust: trustPartner,
    caller: bob,
    actions: [assume, setIdentity],
    callerPolicies: [policy(may({ Action: [assume, setIdentity] }))],
    expected: "allow",
    decidedBy: docs.setSourceIdentity,
  },
  {
    name: "the caller's policy may name all of STS",
    trust: trustPartner,
    caller: bob,
    callerPolicies: [policy(may({ Action: "sts:*" }))],
    expected: "allow",
    decidedBy: docs.action,
  },
  {
    name: "an administrator's policy covers the call",
    trust: trustPartner,
    caller: bob,
    callerPolicies: [policy(may({ Action: "*" }))],
    expected: "allow",
    decidedBy: docs.action,
  },
  {
    name: "the caller's policy about all actions but IAM's covers the call",
    trust: trustPartner,
    caller: bob,
    callerPolicies: [policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })],
    expected: "allow",
    decidedBy: docs.notAction,
  },
  {
    name: "a condition of the caller's own policy must hold as well",
    trust: trustPartner,
    caller: bob,
    context: { "aws:PrincipalTag/department": "IT" },
    callerPolicies: [policy(may({ Condition: { StringEquals: { "aws:PrincipalTag/department": "HR" } } }))],
    expected: "implicit-deny",
    decidedBy: docs.cannotAssume,
  },
  {
    name: "the caller's own policy may ask for MFA, and gets it",
    trust: trustPartner,
    caller: bob,
    context: { "aws:MultiFactorAuthPresent": "true" },
    callerPolicies: [policy(may({ Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }))],
    expected: "allow",
    decidedBy: docs.mfaPresent,
  },
  {
    name: "a single statement needs no list",
    trust: JSON.stringify({ Version: "2012-10-17", Statement: allow(aws(alice.arn)) }),
    caller: alice,
    expected: "allow",
    decidedBy: docs.statement,
  },
];
