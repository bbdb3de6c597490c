import { docs } from "../aws-docs.ts";
import {
  alice,
  allow,
  aws,
  bob,
  builder,
  deny,
  federatedUser,
  mallory,
  may,
  mayNot,
  ownAccount,
  partnerAccount,
  policy,
  root,
  service,
  session,
} from "../build.ts";
import { callerCases, type TrustPolicyCase } from "../trust-policy-case.ts";

const everyoneButMallory = policy(allow(aws("*")), deny(aws(mallory.arn)));
const mfa = "aws:MultiFactorAuthPresent";
const denyWithoutMfa = policy(
  allow(aws(alice.arn)),
  deny(aws("*"), { Condition: { BoolIfExists: { [mfa]: "false" } } }),
);
const denyWithMfaFalse = policy(
  allow(aws(alice.arn)),
  deny(aws("*"), { Condition: { Bool: { [mfa]: "false" } } }),
);
const onlyAliceByArn = policy(
  allow(aws(ownAccount, alice.arn, mallory.arn)),
  deny(aws("*"), { Condition: { ArnNotEquals: { "aws:PrincipalArn": alice.arn } } }),
);
const onlyRedTeam = policy(
  allow(aws(alice.arn)),
  deny(aws("*"), { Condition: { StringNotEqualsIfExists: { "aws:PrincipalTag/team": "red" } } }),
);
const redTeamMust = policy(
  allow(aws(alice.arn)),
  deny(aws("*"), { Condition: { StringNotEquals: { "aws:PrincipalTag/team": "red" } } }),
);
const trustPartner = policy(allow(aws(partnerAccount)));

export const denyCases: TrustPolicyCase[] = [
  ...callerCases(docs.denyInterplay, everyoneButMallory, [
    ["a Deny wins over an Allow of everyone", mallory, "explicit-deny"],
    ["a Deny of one user leaves the others in", alice, "allow"],
  ]),
  ...callerCases(docs.denyInterplay, policy(deny(aws(alice.arn)), allow(aws(alice.arn))), [
    ["a Deny wins whatever the order of the statements", alice, "explicit-deny"],
  ]),
  ...callerCases(docs.denyInterplay, policy(deny(aws(mallory.arn))), [
    ["without any Allow a caller is denied implicitly", alice, "implicit-deny"],
    ["a Deny alone denies explicitly", mallory, "explicit-deny"],
  ]),
  ...callerCases(docs.accountPrincipal, policy(allow(aws("*")), deny(aws(ownAccount))), [
    ["a Deny of an account denies its users", alice, "explicit-deny"],
    ["a Deny of an account denies its sessions", builder, "explicit-deny"],
    ["a Deny of an account denies its root user", root, "explicit-deny"],
    ["a Deny of an account denies its federated users", federatedUser, "explicit-deny"],
  ]),
  ...callerCases(docs.rolePrincipal, policy(allow(aws("*")), deny(aws(builder.roleArn ?? ""))), [
    ["a Deny of a role denies its sessions", builder, "explicit-deny"],
  ]),
  ...callerCases(docs.sessionPrincipal, policy(allow(aws("*")), deny(aws(builder.arn))), [
    ["a Deny of one session denies that session", builder, "explicit-deny"],
    [
      "a Deny of one session leaves the role's other sessions in",
      session(ownAccount, "ci/Builder", "build-8"),
      "allow",
    ],
  ]),
  ...callerCases(
    docs.servicePrincipal,
    policy(
      allow({ Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"] }),
      deny({ Service: "lambda.amazonaws.com" }),
    ),
    [
      ["a Deny of a service wins over an Allow of it", service("lambda.amazonaws.com"), "explicit-deny"],
      ["a Deny of a service leaves the others in", service("ec2.amazonaws.com"), "allow"],
    ],
  ),
  ...(
    [
      ["BoolIfExists false denies long-term keys", denyWithoutMfa, {}, "explicit-deny"],
      [
        "BoolIfExists false denies temporary keys without MFA",
        denyWithoutMfa,
        { [mfa]: "false" },
        "explicit-deny",
      ],
      ["BoolIfExists false leaves MFA in", denyWithoutMfa, { [mfa]: "true" }, "allow"],
      ["Bool false does not deny long-term keys", denyWithMfaFalse, {}, "allow"],
      ["Bool false denies temporary keys without MFA", denyWithMfaFalse, { [mfa]: "false" }, "explicit-deny"],
    ] as const
  ).map(([name, trust, context, expected]) => ({
    name: `in a Deny, ${name}`,
    trust,
    caller: alice,
    context,
    expected,
    decidedBy: docs.mfaPresent,
  })),
  {
    name: "a Deny of all but one ARN leaves that caller in",
    trust: onlyAliceByArn,
    caller: alice,
    context: { "aws:PrincipalArn": alice.arn },
    expected: "allow",
    decidedBy: docs.everyone,
  },
  {
    name: "a Deny of all but one ARN denies another that an Allow names",
    trust: onlyAliceByArn,
    caller: mallory,
    context: { "aws:PrincipalArn": mallory.arn },
    expected: "explicit-deny",
    decidedBy: docs.everyone,
  },
  {
    name: "a Deny by a negated operator strikes who lacks the tag",
    trust: redTeamMust,
    caller: alice,
    expected: "explicit-deny",
    decidedBy: docs.absentKey,
  },
  {
    name: "a Deny by a negated operator with IfExists strikes who lacks the tag as well",
    trust: onlyRedTeam,
    caller: alice,
    expected: "explicit-deny",
    decidedBy: docs.ifExists,
  },
  {
    name: "a Deny by a negated operator spares who has the value",
    trust: redTeamMust,
    caller: alice,
    context: { "aws:PrincipalTag/team": "red" },
    expected: "allow",
    decidedBy: docs.string,
  },
  {
    name: "a Deny whose condition does not hold denies nothing",
    trust: policy(
      allow(aws(alice.arn)),
      deny(aws(alice.arn), { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }),
    ),
    caller: alice,
    context: { "aws:SourceIp": "198.51.100.1" },
    expected: "allow",
    decidedBy: docs.sourceIp,
  },
  {
    name: "a Deny of another action does not touch this one",
    trust: policy(allow(aws(alice.arn)), deny(aws(alice.arn), { Action: "sts:TagSession" })),
    caller: alice,
    expected: "allow",
    decidedBy: docs.action,
  },
  {
    name: "a Deny of the trust policy wins over both sides' Allow",
    trust: policy(allow(aws(partnerAccount)), deny(aws(bob.arn))),
    caller: bob,
    callerPolicies: [policy(may())],
    expected: "explicit-deny",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a Deny in one of the caller's policies wins over an Allow in another",
    trust: trustPartner,
    caller: bob,
    callerPolicies: [policy(may()), policy(mayNot())],
    expected: "explicit-deny",
    decidedBy: docs.sameAccount,
  },
  {
    name: "a Deny of the caller's policy about another role denies nothing here",
    trust: trustPartner,
    caller: bob,
    callerPolicies: [policy(may(), mayNot({ Resource: `arn:aws:iam::${ownAccount}:role/Audit` }))],
    expected: "allow",
    decidedBy: docs.resource,
  },
  {
    name: "the caller's account can't deny its root user by a policy, since it has none",
    trust: policy(allow(aws(ownAccount))),
    caller: root,
    callerPolicies: [policy(mayNot())],
    expected: "allow",
    decidedBy: docs.sameAccount,
  },
];
