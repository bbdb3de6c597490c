import { docs } from "../aws-docs.ts";
import {
  alice,
  allow,
  anonymous,
  aws,
  bob,
  builder,
  federated,
  federatedUser,
  mallory,
  ownAccount,
  partnerAccount,
  policy,
  root,
  service,
  session,
  user,
} from "../build.ts";
import { callerCases, type TrustPolicyCase } from "../trust-policy-case.ts";

const googleUser = federated("web-identity", "accounts.google.com");
const oidcArn = `arn:aws:iam::${ownAccount}:oidc-provider/token.actions.githubusercontent.com`;
const samlArn = `arn:aws:iam::${ownAccount}:saml-provider/Corp`;
const webIdentity = { Action: "sts:AssumeRoleWithWebIdentity" };

export const principalCases: TrustPolicyCase[] = [
  ...callerCases(docs.userPrincipal, policy(allow(aws(alice.arn))), [
    ["a user that the trust policy names may assume the role", alice, "allow"],
    ["another user of the same account may not", mallory, "implicit-deny"],
    ["a user of the same name in another account may not", user(partnerAccount, "alice"), "implicit-deny"],
    ["a user whose name differs in case may not", user(ownAccount, "Alice"), "implicit-deny"],
    ["a user of the same name under a path may not", user(ownAccount, "ops/alice"), "implicit-deny"],
    ["a role session of the same name may not", session(ownAccount, "alice", "alice"), "implicit-deny"],
  ]),
  ...callerCases(docs.principal, policy(allow(aws(mallory.arn, alice.arn))), [
    ["the first of several principals may assume the role", mallory, "allow"],
    ["the last of several principals may", alice, "allow"],
    ["whoever is in no list of several may not", builder, "implicit-deny"],
  ]),
  ...callerCases(docs.rolePrincipal, policy(allow(aws(`arn:aws:iam::${ownAccount}:role/ci/Builder`))), [
    ["a session of a role that the trust policy names may assume the role", builder, "allow"],
    ["any other session of that role may too", session(ownAccount, "ci/Builder", "build-8"), "allow"],
    [
      "a session of a role of that name under another path may not",
      session(ownAccount, "Builder", "build-7"),
      "implicit-deny",
    ],
    ["a user is not a session of the role", alice, "implicit-deny"],
  ]),
  ...callerCases(docs.sessionPrincipal, policy(allow(aws(builder.arn))), [
    ["the one session that the trust policy names may assume the role", builder, "allow"],
    [
      "a session of the same role with another name may not",
      session(ownAccount, "ci/Builder", "build-8"),
      "implicit-deny",
    ],
    [
      "a session of that name of another role may not",
      session(ownAccount, "Tester", "build-7"),
      "implicit-deny",
    ],
    [
      "a session of that name and role in another account may not",
      session(partnerAccount, "ci/Builder", "build-7"),
      "implicit-deny",
    ],
  ]),
  ...callerCases(docs.accountPrincipal, policy(allow(aws(`arn:aws:iam::${ownAccount}:root`))), [
    ["the root user of an account that is named by its ARN may assume the role", root, "allow"],
    ["a user of a named account needs a policy of its own", alice, "implicit-deny"],
    ["a session of a named account needs a policy of its own", builder, "implicit-deny"],
    ["a federated user of a named account needs a policy of its own", federatedUser, "implicit-deny"],
  ]),
  ...callerCases(docs.accountPrincipal, policy(allow(aws(ownAccount))), [
    ["the root user of an account that is named by its number may assume the role", root, "allow"],
    ["a service is in no account", service("ec2.amazonaws.com"), "implicit-deny"],
    ["an anonymous caller is in no account", anonymous, "implicit-deny"],
  ]),
  ...callerCases(docs.federatedUserPrincipal, policy(allow(aws(federatedUser.arn))), [
    ["a federated-user session that the trust policy names is trusted", federatedUser, "allow"],
    ["an IAM user of that name is not", user(ownAccount, "dave"), "implicit-deny"],
  ]),
  ...callerCases(docs.servicePrincipal, policy(allow({ Service: "ec2.amazonaws.com" })), [
    ["a service that the trust policy names may assume the role", service("ec2.amazonaws.com"), "allow"],
    ["another service may not", service("lambda.amazonaws.com"), "implicit-deny"],
    ["a user may not where a service is trusted", alice, "implicit-deny"],
    ["an anonymous caller may not where a service is trusted", anonymous, "implicit-deny"],
  ]),
  ...callerCases(
    docs.servicePrincipal,
    policy(allow({ Service: ["ecs-tasks.amazonaws.com", "states.us-east-1.amazonaws.com"] })),
    [
      [
        "the second service of a list may assume the role",
        service("states.us-east-1.amazonaws.com"),
        "allow",
      ],
      [
        "the same service of another region may not",
        service("states.eu-west-1.amazonaws.com"),
        "implicit-deny",
      ],
    ],
  ),
  ...callerCases(docs.grammar, policy(allow({ Service: "ec2.amazonaws.com", AWS: alice.arn })), [
    ["a service may where services and users are trusted together", service("ec2.amazonaws.com"), "allow"],
    ["a user may where services and users are trusted together", alice, "allow"],
  ]),
  ...callerCases(docs.everyone, policy(allow(aws("*"))), [
    ["everyone of the same account may where everyone is trusted", alice, "allow"],
    ["a session of the same account may where everyone is trusted", builder, "allow"],
    ["an anonymous caller may where everyone is trusted", anonymous, "allow"],
    ["a user of another account needs a policy of its own even so", bob, "implicit-deny"],
    ["a service is not among the AWS principals", service("ec2.amazonaws.com"), "implicit-deny"],
  ]),
  ...callerCases(docs.principal, policy(allow(aws(mallory.arn)), allow(aws(alice.arn))), [
    ["one statement that names the caller is enough", alice, "allow"],
  ]),
  {
    name: "a web identity of a provider that is named by its domain may assume the role",
    trust: policy(allow({ Federated: "accounts.google.com" }, webIdentity)),
    caller: googleUser,
    actions: ["sts:AssumeRoleWithWebIdentity"],
    expected: "allow",
    decidedBy: docs.webIdentityPrincipal,
  },
  {
    name: "a web identity of another provider may not",
    trust: policy(allow({ Federated: "graph.facebook.com" }, webIdentity)),
    caller: googleUser,
    actions: ["sts:AssumeRoleWithWebIdentity"],
    expected: "implicit-deny",
    decidedBy: docs.webIdentityPrincipal,
  },
  {
    name: "a web identity of a provider that is named by its ARN may",
    trust: policy(allow({ Federated: oidcArn }, webIdentity)),
    caller: federated("web-identity", oidcArn),
    actions: ["sts:AssumeRoleWithWebIdentity"],
    expected: "allow",
    decidedBy: docs.webIdentityPrincipal,
  },
  {
    name: "a SAML identity of the named provider may",
    trust: policy(allow({ Federated: samlArn }, { Action: "sts:AssumeRoleWithSAML" })),
    caller: federated("saml", samlArn),
    actions: ["sts:AssumeRoleWithSAML"],
    expected: "allow",
    decidedBy: docs.samlPrincipal,
  },
  {
    name: "a SAML provider trusted for web identities only does not serve a SAML call",
    trust: policy(allow({ Federated: samlArn }, webIdentity)),
    caller: federated("saml", samlArn),
    actions: ["sts:AssumeRoleWithSAML"],
    expected: "implicit-deny",
    decidedBy: docs.trustMismatch,
  },
  ...callerCases(docs.noBareStar, policy(allow("*")), [
    ["a bare * as Principal is refused in a trust policy", alice, "malformed"],
  ]),
  ...callerCases(
    docs.noNotPrincipal,
    policy({ Effect: "Allow", NotPrincipal: aws(alice.arn), Action: "sts:AssumeRole" }),
    [["NotPrincipal with Allow is refused in a trust policy", alice, "malformed"]],
  ),
  ...callerCases(
    docs.notPrincipal,
    policy({ Effect: "Deny", NotPrincipal: aws(alice.arn), Action: "sts:AssumeRole" }),
    [["NotPrincipal with Deny is refused in a trust policy", alice, "malformed"]],
  ),
  ...callerCases(docs.noResource, policy(allow(aws(alice.arn), { Resource: "*" })), [
    ["a Resource is refused in a trust policy", alice, "malformed"],
  ]),
  ...callerCases(docs.userPrincipal, policy(allow(aws(`arn:aws:iam::${ownAccount}:user/*`))), [
    ["a wildcard for all users is refused", alice, "malformed"],
  ]),
  ...callerCases(docs.principal, policy(allow(aws(`arn:aws:iam::${ownAccount}:role/ci/Build?r`))), [
    ["a wildcard within a role's name is refused", builder, "malformed"],
  ]),
  ...callerCases(
    docs.sessionPrincipal,
    policy(allow(aws(`arn:aws:sts::${ownAccount}:assumed-role/Builder/*`))),
    [["a wildcard for all sessions of a role is refused", builder, "malformed"]],
  ),
  ...callerCases(docs.principal, policy(allow(aws(`arn:aws:iam::${ownAccount}:group/Admins`))), [
    ["a user group can't be a principal", alice, "malformed"],
  ]),
  ...callerCases(
    docs.grammar,
    policy(allow({ CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" })),
    [["a canonical user can't be a principal of a trust policy", alice, "malformed"]],
  ),
  ...callerCases(docs.servicePrincipal, policy(allow({ Service: "*" })), [
    ["a wildcard for all services is refused", service("ec2.amazonaws.com"), "malformed"],
  ]),
];
