import * as fc from "fast-check";
import { agentTable } from "../../packages/agent/src/config/schema/agent-table.ts";
import { endpointTable } from "../../packages/agent/src/config/schema/endpoint-table.ts";
import { roleTable } from "../../packages/agent/src/config/schema/role-table.ts";
import { canary, many, names, secretKeys, values } from "./config-words.ts";
import { mutated } from "./mutate.ts";

const quoted = fc
  .oneof(fc.constantFrom(...values), fc.string({ maxLength: 20 }))
  .map((text) => JSON.stringify(text));
const scalar = fc.oneof(
  { weight: 6, arbitrary: quoted },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "true",
      "false",
      "900",
      "43201",
      "-1",
      "1e309",
      "nan",
      "2026-11-24",
      "07:00:00",
      "0x7fffffffffffffff",
    ),
  },
);
const tomlValue = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }).map((all) => `[${all.join(", ")}]`) },
  {
    weight: 1,
    arbitrary: fc
      .dictionary(fc.constantFrom("team", "Team", "a.b", "c"), scalar, { maxKeys: 3 })
      .map(inlineTable),
  },
);

const secretLine = fc.constantFrom(...secretKeys).map((key) => `${key} = "${canary}/"`);

function inlineTable(entries: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(entries)
    .map(([key, value]) => `${JSON.stringify(key)} = ${value}`)
    .join(", ")} }`;
}

function table(header: fc.Arbitrary<string>, keys: readonly string[]): fc.Arbitrary<string> {
  const line = fc.oneof(
    { weight: 9, arbitrary: fc.tuple(fc.constantFrom(...keys), tomlValue).map((pair) => pair.join(" = ")) },
    { weight: 1, arbitrary: secretLine },
  );
  const unique = fc.uniqueArray(line, { maxLength: 8, selector: (each) => each.split(" = ")[0] });
  return fc.tuple(header, unique).map(([head, lines]) => [head, ...lines, ""].join("\n"));
}

const roleHeader = fc.oneof(
  fc.constantFrom(...names).map((name) => `[roles.${JSON.stringify(name)}]`),
  fc.string({ maxLength: 10 }).map((name) => `[roles.${JSON.stringify(name)}]`),
);

/** Tables that are accepted as they are. */
const goodTables = [
  '[roles.deploy]\nrole_arn = "arn:aws:iam::123456789012:role/Deploy"\nsource_profile = "base"\nexternal_id = "team-core"\n',
  '[roles.chained]\nrole_arn = "arn:aws:iam::444455556666:role/Ci"\nsource_role = "deploy"\ntags = { team = "core" }\ntransitive_tag_keys = ["team"]\n',
  '[roles.printed]\ncredential_process = "/usr/bin/vault read"\n',
  '[roles.alias]\nprofile = "base"\n',
  '[roles.person]\nsso_session = "corp"\nsso_account_id = "123456789012"\nsso_role_name = "ReadOnly"\n',
  '[roles.token]\nrole_arn = "arn:aws:iam::123456789012:role/Web"\nweb_identity_token_file = "token"\n',
  '[agent]\nprefetch = ["deploy"]\nidle_timeout = "1h"\nlog_level = "debug"\n',
  '[[endpoints]]\ntype = "container"\nlisten = "127.0.0.1:9911"\nroles = ["deploy"]\n',
  '[[endpoints]]\ntype = "socket"\npath = "shared/app.sock"\nroles = ["deploy"]\n',
];

const tomlWords = [
  '"',
  "'",
  '"""',
  "[",
  "]",
  "[[",
  "{",
  "}",
  "=",
  ",",
  ".",
  "#",
  "\n",
  "\r\n",
  "\\",
  "\\u0000",
  "\\UFFFFFFFF",
  "\0",
  "\uFEFF",
  "\uD800",
  "[".repeat(3000),
  "{a=".repeat(2000),
  "a.".repeat(2000),
  "__proto__",
];

/** The text of a config.toml. */
export const tomlTexts: fc.Arbitrary<string> = mutated(
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...goodTables) },
        { weight: 2, arbitrary: table(roleHeader, roleTable.keys) },
        { weight: 1, arbitrary: table(fc.constant("[agent]"), agentTable.keys) },
        { weight: 1, arbitrary: table(fc.constant("[[endpoints]]"), endpointTable.keys) },
        { weight: 1, arbitrary: many((index) => `[roles.r${index}]\nprofile = "p${index}"\n`) },
      ),
      { maxLength: 5 },
    )
    .map((tables) => tables.join("")),
  tomlWords,
  2,
);
