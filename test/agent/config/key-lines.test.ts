import { describe, expect, test } from "vitest";
import { keyLines } from "../../../packages/agent/src/config/key-lines.ts";
import type { KeyPath } from "../../../packages/agent/src/config/words.ts";

const TOML = `# a comment with [brackets] and key = "value"
title = "x" # [roles.comment]

[ roles . "my role" ]
role_arn = """
[roles.fake]
region = "no"
"quoted" at the end"""" # four quotes: the first is text
'external_id' = 'a # no comment'
tags = { team = "core", nested.deep = 1, "a\\u0041" = [ { x = 1 },
  2 ] }
policy_arns = [ # first
  "one", [
    "two", ],
  'three',
]
last = 1979-05-27 07:32:00

[[list]]
a.b.c = 1
"" = 2
[[list]]
"" = 3
[list.sub]
`;

const CASES: [KeyPath, number][] = [
  [["title"], 2],
  [["roles"], 4],
  [["roles", "my role"], 4],
  [["roles", "my role", "role_arn"], 5],
  [["roles", "my role", "external_id"], 9],
  [["roles", "my role", "tags"], 10],
  [["roles", "my role", "tags", "team"], 10],
  [["roles", "my role", "tags", "aA"], 10],
  [["roles", "my role", "policy_arns", 0], 13],
  [["roles", "my role", "policy_arns", 1], 13],
  [["roles", "my role", "policy_arns", 2], 15],
  [["roles", "my role", "last"], 17],
  [["list"], 19],
  [["list", 0], 19],
  [["list", 0, "a", "b"], 20],
  [["list", 0, ""], 21],
  [["list", 1], 22],
  [["list", 1, ""], 23],
];

describe("keyLines", () => {
  test.each(CASES)("finds the line of %j", (path, line) => {
    expect(keyLines(TOML)(path)).toBe(line);
    expect(keyLines(TOML.replaceAll("\n", "\r\n"))(path)).toBe(line);
    expect(keyLines(`\uFEFF${TOML}`)(path)).toBe(line);
  });

  test("names the line of the table for a key that isn't there", () => {
    expect(keyLines(TOML)(["roles", "my role", "missing"])).toBe(4);
    expect(keyLines(TOML)(["roles", "my role", "tags", "nested", "deep", "deeper"])).toBe(10);
  });

  test("knows no line for what is nowhere in the text", () => {
    expect(keyLines(TOML)(["roles.fake"])).toBeUndefined();
    expect(keyLines(TOML)(["agent", "profiles"])).toBeUndefined();
    expect(keyLines("")(["agent"])).toBeUndefined();
  });

  test("is linear in a text of a million dots, brackets, comments and escapes", () => {
    const toml = [
      `x = ${"[".repeat(900)}${"]".repeat(900)}`,
      `[${"a.".repeat(300_000)}a]`,
      "#".repeat(1_000_000) + "\n".repeat(1_000_000),
      `s = """${"\\\\".repeat(1_000_000)}"""`,
      "last = 1",
    ].join("\n");
    expect(keyLines(toml)(["a", "a", "a", "a"])).toBe(2);
    expect(keyLines(toml)(["nowhere"])).toBeUndefined();
  });
});
