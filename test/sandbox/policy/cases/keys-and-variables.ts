import { docs } from "../aws-docs.ts";
import { alice, allow, aws } from "../build.ts";
import { conditionCases, type TrustPolicyCase } from "../trust-policy-case.ts";

const oldVersion = JSON.stringify({
  Statement: allow(aws(alice.arn), {
    Condition: { StringEquals: { "sts:RoleSessionName": "${aws:username}" } },
  }),
});

export const keyCases: TrustPolicyCase[] = [
  ...conditionCases(docs.thirdParty, { StringEquals: { "sts:ExternalId": "12345" } }, [
    ["a third party with the right external id may assume the role", { "sts:ExternalId": "12345" }, "holds"],
    ["a third party that sends no external id may not", {}, "fails"],
  ]),
  ...conditionCases(docs.externalId, { StringEquals: { "sts:ExternalId": 12345 } }, [
    ["an external id may be written as a JSON number", { "sts:ExternalId": "12345" }, "holds"],
  ]),
  ...conditionCases(
    docs.principalAccount,
    { StringEquals: { "aws:PrincipalAccount": ["111122223333", "123456789012"] } },
    [
      ["a caller of a listed account is let in", { "aws:PrincipalAccount": "123456789012" }, "holds"],
      ["a caller of another account is kept out", { "aws:PrincipalAccount": "444455556666" }, "fails"],
    ],
  ),
  ...conditionCases(
    docs.principalArn,
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci/Builder" } },
    [
      [
        "aws:PrincipalArn of a session is its role's ARN",
        { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci/Builder" },
        "holds",
      ],
      [
        "aws:PrincipalArn of a user is not that of a role",
        { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/ci/Builder" },
        "fails",
      ],
    ],
  ),
  ...conditionCases(docs.tagKeys, { "ForAllValues:StringEquals": { "AWS:tagkeys": ["Dept"] } }, [
    ["only tags with listed keys may be passed", { "aws:TagKeys": ["Dept"] }, "holds"],
    ["a tag with another key may not be passed", { "aws:TagKeys": ["Dept", "Cost-Center"] }, "fails"],
  ]),
  ...conditionCases(docs.principalType, { StringEquals: { "aws:PrincipalType": "User" } }, [
    ["aws:PrincipalType tells users apart", { "aws:PrincipalType": "User" }, "holds"],
    ["aws:PrincipalType of a session is not a user's", { "aws:PrincipalType": "AssumedRole" }, "fails"],
  ]),
  ...conditionCases(docs.userId, { StringLike: { "aws:userid": "AROAEXAMPLEROLEID:*" } }, [
    [
      "aws:userid of a session is role id and session name",
      { "aws:userid": "AROAEXAMPLEROLEID:build-7" },
      "holds",
    ],
    ["aws:userid of another role's session fails", { "aws:userid": "AROAEXAMPLEOTHERID:build-7" }, "fails"],
  ]),
  ...conditionCases(docs.userName, { StringEquals: { "aws:username": "alice" } }, [
    ["aws:username is the name of a user", { "aws:username": "alice" }, "holds"],
    ["aws:username is not there for a session", {}, "fails"],
  ]),
  ...conditionCases(docs.principalTag, { StringEquals: { "aws:PrincipalTag/department": ["HR", "CS"] } }, [
    [
      "a principal with a listed value of the tag is let in",
      { "aws:PrincipalTag/department": "CS" },
      "holds",
    ],
    ["a principal with another value is kept out", { "aws:PrincipalTag/department": "IT" }, "fails"],
    ["the value of a tag minds case", { "aws:PrincipalTag/department": "hr" }, "fails"],
    ["a principal with another tag is kept out", { "aws:PrincipalTag/team": "HR" }, "fails"],
  ]),
  ...conditionCases(docs.condition, { StringEquals: { "aws:PrincipalTag/Department": "HR" } }, [
    ["the key of a tag ignores case", { "aws:PrincipalTag/dEPARTMENT": "HR" }, "holds"],
  ]),
  ...conditionCases(docs.requestTag, { StringEquals: { "aws:RequestTag/Project": "Apollo" } }, [
    ["a session tag with the wanted value may be passed", { "aws:RequestTag/Project": "Apollo" }, "holds"],
    ["a session tag with another value may not", { "aws:RequestTag/Project": "Gemini" }, "fails"],
    ["a call without the tag is refused", {}, "fails"],
  ]),
  ...conditionCases(
    docs.requestTag,
    { StringEquals: { "aws:RequestTag/Project": "${aws:PrincipalTag/Project}" } },
    [
      [
        "a session may carry on the caller's own tag",
        { "aws:RequestTag/Project": "Apollo", "aws:PrincipalTag/Project": "Apollo" },
        "holds",
      ],
      [
        "a session may not take another's tag",
        { "aws:RequestTag/Project": "Apollo", "aws:PrincipalTag/Project": "Gemini" },
        "fails",
      ],
    ],
  ),
  ...conditionCases(docs.sourceIdentity, { StringEquals: { "sts:SourceIdentity": "DiegoRamirez" } }, [
    ["the wanted source identity is accepted", { "sts:SourceIdentity": "DiegoRamirez" }, "holds"],
    ["another source identity is not", { "sts:SourceIdentity": "MateoJackson" }, "fails"],
  ]),
  ...conditionCases(
    docs.webIdentityKeys,
    { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
    [
      [
        "the key of an identity provider is a key like any other",
        { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        "holds",
      ],
    ],
  ),
  ...conditionCases(docs.samlKeys, { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } }, [
    ["a SAML key is a key like any other", { "saml:aud": "https://signin.aws.amazon.com/saml" }, "holds"],
  ]),

  ...conditionCases(docs.roleSessionName, { StringLike: { "sts:RoleSessionName": "${aws:username}" } }, [
    [
      "a user may name the session after itself",
      { "sts:RoleSessionName": "alice", "aws:username": "alice" },
      "holds",
    ],
    [
      "a user may not name the session after another",
      { "sts:RoleSessionName": "mateo", "aws:username": "alice" },
      "fails",
    ],
    ["a session has no user name to name its session after", { "sts:RoleSessionName": "alice" }, "fails"],
  ]),
  ...conditionCases(docs.variables, { StringEquals: { "sts:RoleSessionName": "${AWS:UserName}-ci" } }, [
    [
      "a variable ignores case, and text may stand beside it",
      { "sts:RoleSessionName": "alice-ci", "aws:username": "alice" },
      "holds",
    ],
  ]),
  ...conditionCases(
    docs.variables,
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/${sts:SourceIdentity}" } },
    [
      [
        "a variable may stand in an ARN",
        { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/alice", "sts:SourceIdentity": "alice" },
        "holds",
      ],
      [
        "a wildcard in a variable's value is a plain character",
        { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/alice", "sts:SourceIdentity": "*" },
        "fails",
      ],
    ],
  ),
  ...conditionCases(docs.variables, { NumericEquals: { "aws:MultiFactorAuthAge": "${sts:ExternalId}" } }, [
    [
      "a variable is not put in for a numeric operator",
      { "aws:MultiFactorAuthAge": "5", "sts:ExternalId": "5" },
      "fails",
    ],
  ]),
  ...conditionCases(
    docs.variableWithoutValue,
    { StringNotEquals: { "sts:RoleSessionName": "${aws:PrincipalTag/team}" } },
    [
      ["a negated operator holds for a variable without a value", { "sts:RoleSessionName": "red" }, "holds"],
      [
        "a negated operator fails for a variable of the same value",
        { "sts:RoleSessionName": "red", "aws:PrincipalTag/team": "red" },
        "fails",
      ],
    ],
  ),
  ...conditionCases(docs.variableWithoutValue, { StringEquals: { "sts:ExternalId": "${aws:username}" } }, [
    [
      "a variable without a value does not match its own name",
      { "sts:ExternalId": "${aws:username}" },
      "fails",
    ],
  ]),
  ...conditionCases(docs.setOperators, { StringEquals: { "sts:RoleSessionName": "${aws:TagKeys}" } }, [
    [
      "a key of several values can't be a variable",
      { "sts:RoleSessionName": "team", "aws:TagKeys": ["team", "cost"] },
      "fails",
    ],
  ]),
  ...conditionCases(
    docs.variableDefault,
    { StringEquals: { "sts:RoleSessionName": "${aws:PrincipalTag/team, 'company-wide'}" } },
    [
      ["a variable without a value takes its default", { "sts:RoleSessionName": "company-wide" }, "holds"],
      [
        "a variable with a value does not take its default",
        { "sts:RoleSessionName": "company-wide", "aws:PrincipalTag/team": "red" },
        "fails",
      ],
    ],
  ),
  ...conditionCases(docs.specialCharacters, { StringLike: { "sts:ExternalId": "${*}-*" } }, [
    ["${*} is the character itself", { "sts:ExternalId": "*-1" }, "holds"],
    ["${*} is no wildcard", { "sts:ExternalId": "a-1" }, "fails"],
  ]),
  ...conditionCases(docs.specialCharacters, { StringLike: { "sts:ExternalId": "a${?}${$}" } }, [
    ["${?} and ${$} are the characters themselves", { "sts:ExternalId": "a?$" }, "holds"],
    ["${?} is no wildcard", { "sts:ExternalId": "ab$" }, "fails"],
  ]),
  {
    name: "without a Version a variable is plain text",
    trust: oldVersion,
    caller: alice,
    context: { "sts:RoleSessionName": "alice", "aws:username": "alice" },
    expected: "implicit-deny",
    decidedBy: docs.version,
  },
  {
    name: "without a Version the plain text of a variable matches itself",
    trust: oldVersion,
    caller: alice,
    context: { "sts:RoleSessionName": "${aws:username}", "aws:username": "alice" },
    expected: "allow",
    decidedBy: docs.version,
  },
];
