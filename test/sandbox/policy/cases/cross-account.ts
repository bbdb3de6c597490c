import { docs } from "../aws-docs.ts";
import {
  allow,
  aws,
  bob,
  may,
  mayNot,
  ownAccount,
  partnerAccount,
  partnerSession,
  policy,
} from "../build.ts";
import type { TrustPolicyCase } from "../trust-policy-case.ts";

const trustOwnAccount = policy(allow(aws(ownAccount)));
const trustPartner = policy(allow(aws(partnerAccount)));
const trustEveryone = policy(allow(aws("*")));
const mayAssume = policy(may());
const mayReadOnly = policy(may({ Action: "s3:Get*" }));
const mayNotAssume = policy(may(), mayNot());

/** Across accounts: both sides must allow. */
export const crossAccountCases: TrustPolicyCase[] = [
  {
    name: "a partner's user may when both sides allow",
    trust: trustPartner,
    caller: bob,
    callerPolicies: [mayAssume],
    expected: "allow",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a partner's user may not without a policy of its own",
    trust: trustPartner,
    caller: bob,
    expected: "implicit-deny",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a partner's user may not without a policy of its own even when named itself",
    trust: policy(allow(aws(bob.arn))),
    caller: bob,
    expected: "implicit-deny",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a partner's user that is named itself may with a policy of its own",
    trust: policy(allow(aws(bob.arn))),
    caller: bob,
    callerPolicies: [mayAssume],
    expected: "allow",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a partner's user may not when only its own policy allows",
    trust: trustOwnAccount,
    caller: bob,
    callerPolicies: [mayAssume],
    expected: "implicit-deny",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a partner's user may where everyone is trusted, with a policy of its own",
    trust: trustEveryone,
    caller: bob,
    callerPolicies: [mayAssume],
    expected: "allow",
    decidedBy: docs.everyone,
  },
  {
    name: "a partner's Deny wins across accounts",
    trust: trustPartner,
    caller: bob,
    callerPolicies: [mayNotAssume],
    expected: "explicit-deny",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a partner's Deny wins though the trust policy does not allow either",
    trust: trustOwnAccount,
    caller: bob,
    callerPolicies: [mayNotAssume],
    expected: "explicit-deny",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a partner's session may when its role is named and its role's policy allows",
    trust: policy(allow(aws(`arn:aws:iam::${partnerAccount}:role/Auditor`))),
    caller: partnerSession,
    callerPolicies: [mayAssume],
    expected: "allow",
    decidedBy: docs.crossAccount,
  },
  {
    name: "a partner's session that is named itself may not when its role's policies don't allow",
    trust: policy(allow(aws(partnerSession.arn))),
    caller: partnerSession,
    callerPolicies: [mayReadOnly],
    expected: "implicit-deny",
    decidedBy: docs.crossAccount,
  },
  {
    name: "the session policy limits a partner's session even when it is named itself",
    trust: policy(allow(aws(partnerSession.arn))),
    caller: partnerSession,
    callerPolicies: [mayAssume],
    sessionPolicies: [mayReadOnly],
    expected: "implicit-deny",
    decidedBy: docs.crossAccount,
  },
  {
    name: "one of the caller's policies that allows is enough",
    trust: trustPartner,
    caller: bob,
    callerPolicies: [mayReadOnly, mayAssume],
    expected: "allow",
    decidedBy: docs.evaluation,
  },
];
