import { describe, expect, it } from "vitest";
import {
  parseIdentityPolicy,
  parseTrustPolicy,
  PolicyDocumentError,
} from "../../../packages/sandbox/src/policy/document.ts";
import { alice, allow, aws, may, policy } from "./build.ts";
import { malformedConditions } from "./malformed/conditions.ts";
import { malformedIdentityPolicies } from "./malformed/identity-policies.ts";
import { malformedJson } from "./malformed/json.ts";
import type { MalformedDocument } from "./malformed/malformed-document.ts";
import { malformedStatements } from "./malformed/statements.ts";

function refusals(parse: (text: string) => unknown, documents: readonly MalformedDocument[]): void {
  for (const [mistake, text, message] of documents) {
    it(`is refused for ${mistake}`, () => {
      const refused = refusalOf(parse, text);
      expect(refused).toBeInstanceOf(PolicyDocumentError);
      expect(String(refused)).toContain(message);
    });
  }
}

function refusalOf(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    return error;
  }
}

describe("text that is not JSON", () => refusals(parseTrustPolicy, malformedJson));
describe("a trust policy", () => refusals(parseTrustPolicy, malformedStatements));
describe("a Condition", () => refusals(parseTrustPolicy, malformedConditions));
describe("an identity policy", () => refusals(parseIdentityPolicy, malformedIdentityPolicies));

describe("a document that is well formed", () => {
  it("keeps its statements' order, Sids, and principals, an account as its root ARN", () => {
    const text = JSON.stringify({
      Version: "2012-10-17",
      Id: "Trust",
      Statement: [
        allow({ AWS: "111122223333" }, { Sid: "Own" }),
        allow({ Service: "ec2.amazonaws.com", Federated: "accounts.google.com" }, { Sid: "" }),
      ],
    });
    expect(parseTrustPolicy(text)).toEqual({
      version: "2012-10-17",
      id: "Trust",
      statements: [
        {
          index: 0,
          sid: "Own",
          effect: "Allow",
          principals: { AWS: ["arn:aws:iam::111122223333:root"], Service: [], Federated: [] },
          actions: ["sts:AssumeRole"],
          conditions: [],
        },
        {
          index: 1,
          sid: "",
          effect: "Allow",
          principals: { AWS: [], Service: ["ec2.amazonaws.com"], Federated: ["accounts.google.com"] },
          actions: ["sts:AssumeRole"],
          conditions: [],
        },
      ],
    });
  });

  it("has Version 2008-10-17 when it names none", () => {
    expect(parseTrustPolicy(JSON.stringify({ Statement: allow(aws(alice.arn)) })).version).toBe("2008-10-17");
  });

  it("may have in version 2008-10-17 what is a broken variable in 2012-10-17", () => {
    const condition = { StringLike: { "sts:ExternalId": "${aws:username" } };
    const text = JSON.stringify({
      Version: "2008-10-17",
      Statement: allow(aws(alice.arn), { Condition: condition }),
    });
    expect(parseTrustPolicy(text).statements[0]?.conditions[0]?.values).toEqual(["${aws:username"]);
  });

  it("may repeat an empty Sid, as the console writes it", () => {
    const statement = allow(aws(alice.arn), { Sid: "" });
    expect(parseTrustPolicy(policy(statement, statement)).statements).toHaveLength(2);
  });

  it("keeps numbers and booleans of conditions as their text", () => {
    const condition = { NumericLessThan: { "a:b": [3600, 0.5] }, Bool: { "c:d": true } };
    const [statement] = parseIdentityPolicy(policy(may({ Condition: condition }))).statements;
    expect(statement?.conditions).toEqual([
      { operator: "NumericLessThan", key: "a:b", values: ["3600", "0.5"] },
      { operator: "Bool", key: "c:d", values: ["true"] },
    ]);
  });

  it("may have escapes, white space and principals of other partitions", () => {
    const text = String.raw`
      { "\u0053tatement" : { "Effect":"Allow", "Action":"sts:AssumeRole",
        "Principal":{ "AWS":"arn:aws-us-gov:iam::111122223333:user\/path\/Zo\u00eb" } } }
    `;
    expect(parseTrustPolicy(text).statements[0]?.principals?.AWS).toEqual([
      "arn:aws-us-gov:iam::111122223333:user/path/Zoë",
    ]);
  });
});
