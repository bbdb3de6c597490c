import { beforeEach, describe, expect, test } from "vitest";
import { TempHome } from "./temp-home.ts";

const ARN = "arn:aws:iam::123456789012:role/Deploy";
const CONFIG = ".config/role-agent/config.toml";

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
  home.write(
    ".aws/config",
    `[profile base]\nregion = eu-west-1\n[profile chained]\nrole_arn = ${ARN}\nsource_profile = base\n`,
  );
});

const assume = (name: string, keys: string): string => `[roles.${name}]\nrole_arn = "${ARN}"\n${keys}\n`;

/** The problem of a config.toml, from its line on. */
function problem(toml: string): string {
  home.config(toml);
  return home.problem().replaceAll(`${CONFIG}:`, "");
}

describe("session policies and tags", () => {
  const policyFile = (name: string): string =>
    assume("a", `source_profile = "base"\npolicy_file = "${name}"`);

  test("are read from a file beside config.toml", () => {
    home.write(".config/role-agent/policies/read.json", '\uFEFF{"Version":"2012-10-17"}\n');
    home.config(policyFile("policies/read.json"));
    expect(home.load().roles.get("a")).toMatchObject({ policy: '{"Version":"2012-10-17"}\n' });
  });

  test("are read from a path in the home directory, or an absolute one", () => {
    const path = home.write("read.json", "{}");
    home.config(policyFile("~/read.json") + assume("b", `source_profile = "base"\npolicy_file = '${path}'`));
    expect(home.load().roles.get("a")).toMatchObject({ policy: "{}" });
    expect(home.load().roles.get("b")).toMatchObject({ policy: "{}" });
  });

  test.each([
    [
      '{\n  "Version": "2012-10-17"\n  "Statement": []\n}',
      "isn't JSON: line 3: expected ',' or '}' after property value; correct that file",
    ],
    ["[default]\naws_secret_access_key = EXAMPLEKEY", "isn't JSON; correct that file"],
    ["[]", "must be a JSON object, not a list; correct that file"],
    ["", "isn't JSON; correct that file"],
    [`{"a":"${"x".repeat(3000)}"}`, "has 3008 characters; AWS takes 2048 at most; correct that file"],
    ["{\u0000}", "has a NUL byte, so it is UTF-16 or no text; save it as UTF-8"],
  ])("must be right in the file: %#", (policy, expected) => {
    home.write(".config/role-agent/read.json", policy);
    expect(problem(policyFile("read.json"))).toBe(`4: roles.a.policy_file: "read.json" ${expected}`);
  });

  test("must be in a file that is there and nobody else's", () => {
    expect(problem(policyFile("read.json"))).toBe(
      '4: roles.a.policy_file: "read.json" doesn\'t exist; create it, or correct the path',
    );
    home.write("open.json", "{}");
    expect(problem(policyFile("~"))).toContain('"~" doesn\'t exist');
    expect(problem(policyFile("."))).toContain('"." is a directory, not a file');
  });

  test("must be of the role's own account, or AWS's", () => {
    const arns = '["arn:aws:iam::aws:policy/A", "arn:aws:iam::444455556666:policy/B"]';
    expect(problem(assume("a", `source_profile = "base"\npolicy_arns = ${arns}`))).toBe(
      "4: roles.a.policy_arns[1]: is a policy of another account; AWS takes the role's own and its managed ones",
    );
  });

  test("must have every transitive key among the tags", () => {
    const keys =
      'source_profile = "base"\ntags = { team = "core" }\ntransitive_tag_keys = ["TEAM", "project"]';
    expect(problem(assume("a", keys))).toBe(
      '5: roles.a.transitive_tag_keys[1]: there is no tag "project"; add it to tags, or remove it here',
    );
  });
});
