import { may, ownAccount, policy } from "../build.ts";
import type { MalformedDocument } from "./malformed-document.ts";

export const malformedIdentityPolicies: readonly MalformedDocument[] = [
  ["a Principal", policy(may({ Principal: "*" })), "Statement[0].Principal: has prohibited field Principal"],
  [
    "a NotPrincipal",
    policy(may({ NotPrincipal: "*" })),
    "Statement[0].NotPrincipal: has prohibited field NotPrincipal",
  ],
  ["an Id", JSON.stringify({ Id: "x", Statement: may() }), "Id: unknown element"],
  ["no Resource", policy({ Effect: "Allow", Action: "*" }), "Statement[0]: missing required field Resource"],
  [
    "Resource and NotResource",
    policy(may({ NotResource: "*" })),
    "Statement[0]: Resource and NotResource exclude each other",
  ],
  ["an empty list of resources", policy(may({ Resource: [] })), "Statement[0].Resource: the list is empty"],
  [
    "a resource that is no ARN",
    policy(may({ Resource: "Deploy" })),
    'Statement[0].Resource: "Deploy": must be "*" or an ARN',
  ],
  [
    "an ARN with a component missing",
    policy(may({ Resource: `arn:aws:iam:${ownAccount}:role/Deploy` })),
    "Statement[0].Resource: ",
  ],
  [
    "a resource with a variable without its brace",
    policy(may({ Resource: "arn:aws:iam::*:role/${aws:username" })),
    "Statement[0].Resource: ",
  ],
  [
    "an action that is a sentence",
    policy(may({ Action: "sts: AssumeRole" })),
    'Statement[0].Action: "sts: AssumeRole": an action is',
  ],
];
