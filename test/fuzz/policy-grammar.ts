import * as fc from "fast-check";
import { comparisonNames } from "../../packages/sandbox/src/policy/operators.ts";

/** Statements of both kinds of policy, most of them valid. */
export type StatementDraft = Readonly<Record<string, unknown>>;

const arns = [
  "arn:aws:iam::111122223333:root",
  "arn:aws:iam::111122223333:user/alice",
  "arn:aws:iam::444455556666:user/bob",
  "arn:aws:sts::111122223333:assumed-role/Builder/build-7",
  "111122223333",
  "*",
];
const actions = ["sts:AssumeRole", "sts:TagSession", "sts:*", "sts:Assume?ole", "*", "s3:GetObject"];
const resources = [
  "*",
  "arn:aws:iam::111122223333:role/Deploy",
  "arn:aws:iam::*:role/D?ploy",
  "arn:aws:iam::${aws:PrincipalAccount}:role/*",
];
const keys = [
  "sts:ExternalId",
  "aws:PrincipalArn",
  "aws:PrincipalTag/team",
  "aws:SourceIp",
  "aws:CurrentTime",
  "aws:TagKeys",
  "sts:RoleSessionName",
  "aws:__proto__",
];
const values = [
  "team-core",
  "*",
  "te?m*",
  "${aws:PrincipalTag/team}",
  "${aws:PrincipalTag/team, 'core'}",
  "${*}",
  "${",
  "10.0.0.0/8",
  "2001:db8::/32",
  "10.0.0.0/99",
  "2026-11-24T12:00:00Z",
  "1764000000",
  "1e309",
  "-0",
  "true",
  "",
  "a".repeat(300),
  "*a".repeat(60),
];

const oneOrMore = <Value>(...from: Value[]): fc.Arbitrary<Value | Value[]> =>
  fc.oneof(fc.constantFrom(...from), fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: 3 }));

const operator = fc
  .tuple(
    fc.constantFrom("", "", "ForAnyValue:", "ForAllValues:"),
    fc.constantFrom(...comparisonNames),
    fc.constantFrom("", "", "IfExists"),
  )
  .map((parts) => parts.join(""));

const value = fc.oneof(fc.constantFrom<unknown>(...values), fc.integer(), fc.double(), fc.boolean());

const conditions = fc.dictionary(
  operator,
  fc.dictionary(fc.constantFrom(...keys), fc.oneof(value, fc.array(value, { maxLength: 3 })), { maxKeys: 2 }),
  { maxKeys: 2 },
);

/** Elements that every statement has, or may have. */
const common = {
  Effect: fc.constantFrom("Allow", "Deny"),
  Condition: fc.option(conditions, { nil: undefined, freq: 2 }),
};

export const trustStatements: fc.Arbitrary<StatementDraft> = fc.record({
  ...common,
  Action: oneOrMore(...actions.slice(0, 5)),
  Principal: fc.oneof(
    oneOrMore(...arns).map((AWS) => ({ AWS })),
    fc.constant({ Service: "ec2.amazonaws.com" }),
    fc.constant({ Federated: "cognito-identity.amazonaws.com" }),
  ),
});

export const identityStatements: fc.Arbitrary<StatementDraft> = fc.record({
  ...common,
  Action: oneOrMore(...actions),
  Resource: oneOrMore(...resources),
});

/** What a request knows, by the keys that the statements ask for. */
export const contexts: fc.Arbitrary<Readonly<Record<string, readonly string[]>>> = fc.dictionary(
  fc.constantFrom(...keys),
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }),
  { maxKeys: 5 },
);

/** What means something to the reader of a policy document. */
export const policyWords = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\\",
  "\\u0000",
  "\uD800",
  "null",
  "1e999",
  "${",
  '"__proto__":',
  '"NotAction":',
  '"Effect":"Deny",',
  "\uFEFF",
  "[".repeat(2000),
];
