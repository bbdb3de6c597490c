import { policy, alice, allow, aws } from "../build.ts";
import type { MalformedDocument } from "./malformed-document.ts";

const good = allow(aws(alice.arn));

export const malformedJson: readonly MalformedDocument[] = [
  ["an empty text", "", "line 1, column 1: expected a value but found the end of the document"],
  ["white space alone", " \n ", "line 2, column 2: expected a value but found the end of the document"],
  [
    "a byte order mark",
    `\uFEFF${policy(good)}`,
    "line 1, column 1: expected a value but found a byte order mark",
  ],
  [
    "a missing comma",
    '{\n  "Version": "2012-10-17"\n  "Statement": []\n}',
    'line 3, column 3: expected "," or "}" but found "\\""',
  ],
  [
    "a missing comma in a document with Windows line ends",
    '{\r\n  "Version": "2012-10-17"\r\n  "Statement": []\r\n}',
    'line 3, column 3: expected "," or "}" but found "\\""',
  ],
  [
    "a trailing comma in an object",
    '{"Version": "2012-10-17",}',
    'line 1, column 26: expected a key in double quotes but found "}"',
  ],
  ["a trailing comma in a list", '{"Statement": [{},]}', 'line 1, column 19: expected a value but found "]"'],
  ["a missing colon", '{"Version" "2012-10-17"}', 'line 1, column 12: expected ":" but found "\\""'],
  [
    "a missing closing brace",
    '{"Statement": [{}]',
    'line 1, column 19: expected "," or "}" but found the end of the document',
  ],
  ["a missing closing bracket", '{"Statement": [{}}', 'line 1, column 18: expected "," or "]" but found "}"'],
  ["a text after the document", `${policy(good)} x`, 'expected the end of the document but found "x"'],
  ["two documents", "{}\n{}", 'line 2, column 1: expected the end of the document but found "{"'],
  [
    "a key in single quotes",
    "{'Version': 1}",
    'line 1, column 2: expected a key in double quotes but found "\'"',
  ],
  [
    "a key without quotes",
    "{Version: 1}",
    'line 1, column 2: expected a key in double quotes but found "Version"',
  ],
  [
    "a word that is no value",
    '{"Version": undefined}',
    'line 1, column 13: expected a value but found "undefined"',
  ],
  [
    "a number with a leading zero",
    '{"Version": 012}',
    'line 1, column 14: expected "," or "}" but found "12"',
  ],
  ["a comment", "{} // all", 'line 1, column 4: expected the end of the document but found "/"'],
  ["a string without an end", '{"Version": "2012', "line 1, column 13: unterminated string"],
  ["a line break in a string", '{"Id": "a\nb"}', "line 1, column 10: control character in a string"],
  ["an unknown escape", String.raw`{"Id": "a\x41"}`, "line 1, column 10: invalid escape in a string"],
  ["a short Unicode escape", String.raw`{"Id": "\u12"}`, "line 1, column 9: invalid escape in a string"],
  [
    "a duplicate key",
    '{\n"Version": "2012-10-17",\n"Version": "2012-10-17"}',
    'line 3, column 1: duplicate key "Version"',
  ],
  [
    "a duplicate key in another spelling",
    String.raw`{"Id": "a", "\u0049d": "b"}`,
    'line 1, column 13: duplicate key "Id"',
  ],
  [
    "a duplicate key deep inside",
    '{"Statement": [{"Condition": {"Bool": {"a:b": "true", "a:b": "false"}}}]}',
    'line 1, column 55: duplicate key "a:b"',
  ],
  [
    "a duplicate __proto__",
    '{"__proto__": 1, "__proto__": 2}',
    'line 1, column 18: duplicate key "__proto__"',
  ],
  [
    "a mistake after a character of two code units",
    '{"Id": "\u{1F511}" 1}',
    'line 1, column 12: expected "," or "}" but found "1"',
  ],
  ["lists nested without end", "[".repeat(100_000), "line 1, column 17: nested deeper than 16 levels"],
  ["objects nested without end", '{"a":'.repeat(100_000), "line 1, column 81: nested deeper than 16 levels"],
];
