import { alice, allow, aws, policy, type StatementJson } from "../build.ts";
import type { MalformedDocument } from "./malformed-document.ts";

function conditionOf(condition: StatementJson): string {
  return policy(allow(aws(alice.arn), { Condition: condition }));
}

export const malformedConditions: readonly MalformedDocument[] = [
  [
    "a Condition that is no object",
    policy(allow(aws(alice.arn), { Condition: [] })),
    "Statement[0].Condition: expected an object, found a list",
  ],
  [
    "a misspelled operator",
    conditionOf({ StringEqals: {} }),
    'Statement[0].Condition.StringEqals: unknown condition operator (did you mean "StringEquals"?)',
  ],
  [
    "a misspelled operator between prefix and suffix",
    conditionOf({ "ForAnyValue:StringLikeIfExist": {} }),
    "Statement[0].Condition.ForAnyValue:StringLikeIfExist: unknown condition operator",
  ],
  [
    "an unknown quantifier",
    conditionOf({ "ForSomeValues:StringLike": {} }),
    "Statement[0].Condition.ForSomeValues:StringLike: unknown condition operator",
  ],
  [
    "an operator named constructor",
    conditionOf({ constructor: {} }),
    "Statement[0].Condition.constructor: unknown condition operator",
  ],
  [
    "Null with IfExists",
    conditionOf({ NullIfExists: {} }),
    "Statement[0].Condition.NullIfExists: Null can't be combined with IfExists",
  ],
  [
    "an operator whose keys are no object",
    conditionOf({ Bool: "true" }),
    "Statement[0].Condition.Bool: expected an object, found a string",
  ],
  [
    "a condition key without its service",
    conditionOf({ Bool: { mfa: "true" } }),
    "Statement[0].Condition.Bool.mfa: a condition key has the form",
  ],
  [
    "a condition key in two cases",
    conditionOf({ Bool: { "a:b": "true", "A:B": "true" } }),
    "Statement[0].Condition.Bool.A:B: the same key in another case",
  ],
  [
    "a condition value that is null",
    conditionOf({ Bool: { "a:b": null } }),
    "Statement[0].Condition.Bool.a:b: expected a string, number or boolean, found null",
  ],
  [
    "a condition value that is an object",
    conditionOf({ Bool: { "a:b": ["x", {}] } }),
    "Statement[0].Condition.Bool.a:b[1]: expected a string, number or boolean, found an object",
  ],
  [
    "a variable without its brace",
    conditionOf({ StringLike: { "a:b": "${aws:username" } }),
    "Statement[0].Condition.StringLike.a:b: a policy variable lacks",
  ],
  [
    "an empty variable",
    conditionOf({ StringLike: { "a:b": ["x", "${}"] } }),
    "Statement[0].Condition.StringLike.a:b[1]: a policy variable is empty",
  ],
  [
    "a variable with a space",
    conditionOf({ StringLike: { "a:b": "${aws: username}" } }),
    "Statement[0].Condition.StringLike.a:b: policy variable ${aws: username}",
  ],
  [
    "a variable whose default lacks a quote",
    conditionOf({ StringLike: { "a:b": "${aws:username, 'x}" } }),
    "Statement[0].Condition.StringLike.a:b: policy variable",
  ],
];
