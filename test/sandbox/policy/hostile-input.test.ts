import { describe, expect, it } from "vitest";
import { parseTrustPolicy } from "../../../packages/sandbox/src/policy/document.ts";
import { evaluateTrustPolicy } from "../../../packages/sandbox/src/policy/evaluate.ts";
import {
  literalPattern,
  matchesPattern,
  wildcardPattern,
} from "../../../packages/sandbox/src/policy/wildcard.ts";
import { alice, allow, aws, contextOf, policy, roleArn, type ConditionJson } from "./build.ts";
import type { Keys } from "./trust-policy-case.ts";

const prototypeNames = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];

function effectOf(condition: ConditionJson, keys: Keys): string {
  const trust = parseTrustPolicy(policy(allow(aws(alice.arn), { Condition: condition })));
  const request = { action: "sts:AssumeRole", resource: roleArn, caller: alice, context: contextOf(keys) };
  return evaluateTrustPolicy(trust, request).effect;
}

describe("names of JavaScript's object prototype", () => {
  it.each(prototypeNames)("%s as the key of a tag is a key like any other", (name) => {
    const key = `aws:PrincipalTag/${name}`;
    expect(effectOf({ StringEquals: { [key]: "red" } }, { [key]: "red" })).toBe("allow");
    expect(effectOf({ StringEquals: { [key]: "red" } }, {})).toBe("implicit-deny");
    expect(effectOf({ Null: { [key]: "true" } }, {})).toBe("allow");
  });

  it.each(prototypeNames)("%s as a variable has the value of the request or none", (name) => {
    const condition = { StringEquals: { "sts:RoleSessionName": `\${${name}}` } };
    expect(effectOf(condition, { "sts:RoleSessionName": "red" })).toBe("implicit-deny");
    expect(effectOf(condition, { "sts:RoleSessionName": "function Object() { [native code] }" })).toBe(
      "implicit-deny",
    );
  });

  it.each(prototypeNames)("%s as a tag's value is a text", (name) => {
    const condition = { StringLike: { "aws:PrincipalTag/team": name } };
    expect(effectOf(condition, { "aws:PrincipalTag/team": name })).toBe("allow");
    expect(effectOf(condition, { "aws:PrincipalTag/team": "red" })).toBe("implicit-deny");
  });

  it("__proto__ as a condition operator's key is not lost", () => {
    const text = policy(allow(aws(alice.arn))).replace(
      '"Effect"',
      '"Condition":{"StringEquals":{"__proto__:x":"1"}},"Effect"',
    );
    expect(parseTrustPolicy(text).statements[0]?.conditions).toEqual([
      { operator: "StringEquals", key: "__proto__:x", values: ["1"] },
    ]);
  });
});

describe("wildcards", () => {
  it("agree with a plain definition of * and ? on every short pattern and text", () => {
    const words = wordsOf("ab", 4);
    const disagreements = wordsOf("ab*?", 4).flatMap((pattern) =>
      words
        .filter(
          (word) => matchesPattern(wildcardPattern(pattern), word) !== matchesByDefinition(pattern, word),
        )
        .map((word) => ({ pattern, word })),
    );
    expect(disagreements).toEqual([]);
  });

  it("take time in proportion to pattern and text, however many stars there are", () => {
    const pattern = wildcardPattern(`${"*a".repeat(500)}*b`);
    const started = performance.now();
    expect(matchesPattern(pattern, "a".repeat(5000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("take ? for one character, even of two code units", () => {
    expect(matchesPattern(wildcardPattern("a?c"), "a\u{1F511}c")).toBe(true);
  });

  it("are plain characters in a literal pattern", () => {
    expect(matchesPattern(literalPattern("a*"), "ab")).toBe(false);
    expect(matchesPattern(literalPattern("a*"), "a*")).toBe(true);
  });
});

/** Every word of up to `length` letters. */
function wordsOf(letters: string, length: number): string[] {
  if (length === 0) return [""];
  const shorter = wordsOf(letters, length - 1);
  return [
    ...new Set([...shorter, ...shorter.flatMap((word) => letters.split("").map((letter) => word + letter))]),
  ];
}

function matchesByDefinition(pattern: string, word: string): boolean {
  if (pattern === "") return word === "";
  const rest = pattern.slice(1);
  if (pattern.startsWith("*")) {
    return matchesByDefinition(rest, word) || (word !== "" && matchesByDefinition(pattern, word.slice(1)));
  }
  return (
    word !== "" && (pattern[0] === "?" || pattern[0] === word[0]) && matchesByDefinition(rest, word.slice(1))
  );
}
