import { alice, allow, aws, ownAccount, policy, type StatementJson } from "../build.ts";
import type { MalformedDocument } from "./malformed-document.ts";

const good = allow(aws(alice.arn));

function trustOf(change: StatementJson): string {
  return policy({ ...good, ...change });
}

function without(element: string): string {
  return policy(Object.fromEntries(Object.entries(good).filter(([key]) => key !== element)));
}

export const malformedStatements: readonly MalformedDocument[] = [
  ["a list as the document", "[]", "policy document: expected an object, found a list"],
  ["a string as the document", '"x"', "policy document: expected an object, found a string"],
  ["null as the document", "null", "policy document: expected an object, found null"],
  ["no Statement", '{"Version": "2012-10-17"}', "policy document: missing required field Statement"],
  ["an empty Statement", policy(), "Statement: the list is empty"],
  [
    "a Statement that is no object",
    '{"Statement": ["x"]}',
    "Statement[0]: expected an object, found a string",
  ],
  ["an unknown Version", '{"Version": "2012-10-18", "Statement": {}}', "Version: must be"],
  ["a Version that is no string", '{"Version": 2012, "Statement": {}}', "Version: must be"],
  ["a Version that is null", '{"Version": null, "Statement": {}}', "Version: must be"],
  ["an Effect that is null", trustOf({ Effect: null }), "Statement[0].Effect: expected a string, found null"],
  [
    "an Id that is no string",
    JSON.stringify({ Id: 7, Statement: good }),
    "Id: expected a string, found a number",
  ],
  ["a misspelled Statement", '{"Statment": []}', 'Statment: unknown element (did you mean "Statement"?)'],
  ["an element named __proto__", '{"__proto__": {}, "Statement": []}', "__proto__: unknown element"],
  [
    "an element named constructor",
    '{"Statement": {"constructor": 1}}',
    "Statement.constructor: unknown element",
  ],
  [
    "a misspelled Principal",
    trustOf({ Principle: "*" }),
    'Statement[0].Principle: unknown element (did you mean "Principal"?)',
  ],
  [
    "an element in another case",
    trustOf({ action: "*" }),
    'Statement[0].action: unknown element (did you mean "Action"?)',
  ],
  ["no Effect", without("Effect"), "Statement[0]: missing required field Effect"],
  [
    "an Effect in another case",
    trustOf({ Effect: "allow" }),
    'Statement[0].Effect: must be "Allow" or "Deny" (did you mean "Allow"?)',
  ],
  [
    "an Effect that is no string",
    trustOf({ Effect: true }),
    "Statement[0].Effect: expected a string, found a boolean",
  ],
  ["a Sid with a space", trustOf({ Sid: "Allow partner" }), "Statement[0].Sid: must match [0-9A-Za-z]*"],
  ["a Sid that is no string", trustOf({ Sid: 1 }), "Statement[0].Sid: expected a string, found a number"],
  ["a Sid twice", policy({ ...good, Sid: "A" }, { ...good, Sid: "A" }), 'Statement[1].Sid: "A" is taken'],
  ["no Action", without("Action"), "Statement[0]: missing required field Action"],
  [
    "Action and NotAction",
    trustOf({ NotAction: "sts:TagSession" }),
    "Statement[0]: Action and NotAction exclude each other",
  ],
  ["an empty list of actions", trustOf({ Action: [] }), "Statement[0].Action: the list is empty"],
  [
    "an action that is no string",
    trustOf({ Action: ["sts:AssumeRole", 1] }),
    "Statement[0].Action[1]: expected a string, found a number",
  ],
  [
    "an action without its service",
    trustOf({ Action: "AssumeRole" }),
    'Statement[0].Action: "AssumeRole": an action is',
  ],
  [
    "an action of another service",
    trustOf({ Action: "s3:GetObject" }),
    'Statement[0].Action: "s3:GetObject": AssumeRole policy may only specify',
  ],
  [
    "a misspelled action",
    trustOf({ Action: "sts:AsumeRole" }),
    'Statement[0].Action: "sts:AsumeRole": AssumeRole policy may only specify STS AssumeRole actions (did you mean "sts:AssumeRole"?)',
  ],
  [
    "an action for all services",
    trustOf({ Action: "*" }),
    'Statement[0].Action: "*": AssumeRole policy may only specify',
  ],
  ["no Principal", without("Principal"), "Statement[0]: missing required field Principal"],
  [
    "a bare * as Principal",
    trustOf({ Principal: "*" }),
    'Statement[0].Principal: AssumeRolepolicy contained an invalid principal: "STAR":"*"',
  ],
  [
    "a Principal without its type",
    trustOf({ Principal: alice.arn }),
    "Statement[0].Principal: expected an object, found a string",
  ],
  ["a Principal that names nobody", trustOf({ Principal: {} }), "Statement[0].Principal: names no principal"],
  [
    "an empty list of principals",
    trustOf({ Principal: { AWS: [] } }),
    "Statement[0].Principal.AWS: the list is empty",
  ],
  [
    "a principal type in another case",
    trustOf({ Principal: { aws: ownAccount } }),
    'Statement[0].Principal.aws: unknown principal type (did you mean "AWS"?)',
  ],
  [
    "a canonical user",
    trustOf({ Principal: { CanonicalUser: "79a5" } }),
    "Statement[0].Principal.CanonicalUser: a role trust policy can't name",
  ],
  [
    "an account number that is a JSON number",
    trustOf({ Principal: { AWS: 111122223333 } }),
    "Statement[0].Principal.AWS: expected a string, found a number",
  ],
  [
    "an account number with a digit missing",
    trustOf({ Principal: { AWS: [ownAccount, "11112222333"] } }),
    'Statement[0].Principal.AWS[1]: Invalid principal in policy: "AWS":"11112222333"',
  ],
  [
    "a wildcard in a principal's ARN",
    trustOf({ Principal: { AWS: `arn:aws:iam::${ownAccount}:role/*` } }),
    "Statement[0].Principal.AWS: Invalid principal in policy",
  ],
  [
    "an ARN that is no principal's",
    trustOf({ Principal: { AWS: "arn:aws:s3:::bucket" } }),
    "Statement[0].Principal.AWS: Invalid principal in policy",
  ],
  [
    "an ARN with a line break at its end",
    trustOf({ Principal: { AWS: `${alice.arn}\n` } }),
    "Statement[0].Principal.AWS: Invalid principal in policy",
  ],
  [
    "a service without a domain",
    trustOf({ Principal: { Service: "ec2" } }),
    'Statement[0].Principal.Service: Invalid principal in policy: "Service":"ec2"',
  ],
  [
    "a federated principal that is no provider",
    trustOf({ Principal: { Federated: alice.arn } }),
    "Statement[0].Principal.Federated: Invalid principal in policy",
  ],
  [
    "NotPrincipal",
    trustOf({ NotPrincipal: aws(alice.arn) }),
    "Statement[0].NotPrincipal: role trust policies do not support NotPrincipal",
  ],
  ["a Resource", trustOf({ Resource: "*" }), "Statement[0].Resource: has prohibited field Resource"],
  [
    "a NotResource",
    trustOf({ NotResource: "*" }),
    "Statement[0].NotResource: has prohibited field NotResource",
  ],
  [
    "a mistake in a single statement",
    JSON.stringify({ Statement: { ...good, Effect: "Maybe" } }),
    "Statement.Effect: must be",
  ],
  [
    "a mistake in the third statement",
    policy(good, good, { ...good, Effect: "Maybe" }),
    "Statement[2].Effect: must be",
  ],
];
