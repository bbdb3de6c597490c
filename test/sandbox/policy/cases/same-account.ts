import { docs } from "../aws-docs.ts";
import { alice, allow, aws, builder, may, mayNot, ownAccount, partnerAccount, policy } from "../build.ts";
import type { TrustPolicyCase } from "../trust-policy-case.ts";

const trustOwnAccount = policy(allow(aws(ownAccount)));
const trustPartner = policy(allow(aws(partnerAccount)));
const trustAlice = policy(allow(aws(alice.arn)));
const trustBuilder = policy(allow(aws(`arn:aws:iam::${ownAccount}:role/ci/Builder`)));
const trustThisBuild = policy(allow(aws(builder.arn)));
const trustEveryone = policy(allow(aws("*")));
const mayAssume = policy(may());
const mayReadOnly = policy(may({ Action: "s3:Get*" }));
const mayNotAssume = policy(may(), mayNot());

/** Within one account: what the trust policy alone decides, and what it delegates to the caller's policies. */
export const sameAccountCases: TrustPolicyCase[] = [
  {
    name: "a user of a trusted account may with a policy of its own",
    trust: trustOwnAccount,
    caller: alice,
    callerPolicies: [mayAssume],
    expected: "allow",
    decidedBy: docs.assumeRole,
  },
  {
    name: "a user of a trusted account may not with a policy about something else",
    trust: trustOwnAccount,
    caller: alice,
    callerPolicies: [mayReadOnly],
    expected: "implicit-deny",
    decidedBy: docs.assumeRole,
  },
  {
    name: "a user with a policy may not assume a role that does not trust it",
    trust: trustPartner,
    caller: alice,
    callerPolicies: [mayAssume],
    expected: "implicit-deny",
    decidedBy: docs.sameAccount,
  },
  {
    name: "a user that the trust policy names needs no policy of its own",
    trust: trustAlice,
    caller: alice,
    callerPolicies: [mayReadOnly],
    expected: "allow",
    decidedBy: docs.assumeRole,
  },
  {
    name: "a Deny of the user's own policy wins over a trust policy that names it",
    trust: trustAlice,
    caller: alice,
    callerPolicies: [mayNotAssume],
    expected: "explicit-deny",
    decidedBy: docs.sameAccount,
  },
  {
    name: "the statement that names the user counts where another names its account",
    trust: policy(allow(aws(ownAccount)), allow(aws(alice.arn))),
    caller: alice,
    expected: "allow",
    decidedBy: docs.assumeRole,
  },
  {
    name: "a session of a trusted account may with a policy of its role",
    trust: trustOwnAccount,
    caller: builder,
    callerPolicies: [mayAssume],
    expected: "allow",
    decidedBy: docs.cannotAssume,
  },
  {
    name: "the session policy limits a session of a trusted account",
    trust: trustOwnAccount,
    caller: builder,
    callerPolicies: [mayAssume],
    sessionPolicies: [mayReadOnly],
    expected: "implicit-deny",
    decidedBy: docs.sessionPolicies,
  },
  {
    name: "the session policy gives nothing that the role's policies don't",
    trust: trustOwnAccount,
    caller: builder,
    callerPolicies: [mayReadOnly],
    sessionPolicies: [mayAssume],
    expected: "implicit-deny",
    decidedBy: docs.sessionPolicies,
  },
  {
    name: "the session policy limits a session whose role is named",
    trust: trustBuilder,
    caller: builder,
    sessionPolicies: [mayReadOnly],
    expected: "implicit-deny",
    decidedBy: docs.sameAccount,
  },
  {
    name: "a session policy that allows the call lets the session of a named role in",
    trust: trustBuilder,
    caller: builder,
    sessionPolicies: [mayAssume],
    expected: "allow",
    decidedBy: docs.sameAccount,
  },
  {
    name: "the session policy does not limit a session that is named itself",
    trust: trustThisBuild,
    caller: builder,
    sessionPolicies: [mayReadOnly],
    expected: "allow",
    decidedBy: docs.sameAccount,
  },
  {
    name: "a Deny of the session policy wins even over a session that is named itself",
    trust: trustThisBuild,
    caller: builder,
    sessionPolicies: [mayNotAssume],
    expected: "explicit-deny",
    decidedBy: docs.sameAccount,
  },
  {
    name: "the session policy does not limit who is let in with everyone",
    trust: trustEveryone,
    caller: builder,
    sessionPolicies: [mayReadOnly],
    expected: "allow",
    decidedBy: docs.rolePrincipal,
  },
];
