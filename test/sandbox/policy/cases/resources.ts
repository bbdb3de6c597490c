import { docs } from "../aws-docs.ts";
import { allow, aws, bob, may, ownAccount, partnerAccount, policy, roleArn } from "../build.ts";
import type { TrustPolicyCase } from "../trust-policy-case.ts";

const trustPartner = policy(allow(aws(partnerAccount)));

/** The resources of the caller's own policy. */
const namedResources: TrustPolicyCase[] = (
  [
    ["the caller's policy may name the role", { Resource: roleArn }, "allow"],
    [
      "the caller's policy may not name another role",
      { Resource: `arn:aws:iam::${ownAccount}:role/Audit` },
      "implicit-deny",
    ],
    [
      "a wildcard for the roles of the account covers the role",
      { Resource: `arn:aws:iam::${ownAccount}:role/*` },
      "allow",
    ],
    ["a wildcard for the account covers the role", { Resource: "arn:aws:iam::*:role/Deploy" }, "allow"],
    ["? stands for one character", { Resource: `arn:aws:iam::${ownAccount}:role/Deplo?` }, "allow"],
    ["a resource minds case", { Resource: `arn:aws:iam::${ownAccount}:role/deploy` }, "implicit-deny"],
    ["one of several resources is enough", { Resource: ["arn:aws:iam::*:role/Audit", roleArn] }, "allow"],
  ] as const
).map(([name, rest, expected]) => ({
  name,
  trust: trustPartner,
  caller: bob,
  callerPolicies: [policy(may(rest))],
  expected,
  decidedBy: docs.resource,
}));

const variablesInResources: TrustPolicyCase[] = (
  [
    [
      "a resource with the caller's tag covers the role of that name",
      { "aws:PrincipalTag/role": "Deploy" },
      "allow",
    ],
    ["a resource with another tag does not", { "aws:PrincipalTag/role": "Audit" }, "implicit-deny"],
    ["a wildcard as the tag's value is a plain character", { "aws:PrincipalTag/role": "*" }, "implicit-deny"],
    ["a resource whose variable has no value covers nothing", {}, "implicit-deny"],
  ] as const
).map(([name, context, expected]) => ({
  name,
  trust: trustPartner,
  caller: bob,
  context,
  callerPolicies: [policy(may({ Resource: `arn:aws:iam::${ownAccount}:role/\${aws:PrincipalTag/role}` }))],
  expected,
  decidedBy: docs.variableWithoutValue,
}));

const notResource: TrustPolicyCase[] = (
  [
    ["NotResource covers every role but those it names", `arn:aws:iam::${ownAccount}:role/Audit`, "allow"],
    ["NotResource does not cover a role that it names", roleArn, "implicit-deny"],
  ] as const
).map(([name, excluded, expected]) => ({
  name,
  trust: trustPartner,
  caller: bob,
  callerPolicies: [policy({ Effect: "Allow", Action: "sts:AssumeRole", NotResource: excluded })],
  expected,
  decidedBy: docs.notResource,
}));

export const resourceCases: TrustPolicyCase[] = [...namedResources, ...variablesInResources, ...notResource];
