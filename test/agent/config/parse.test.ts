import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../packages/agent/src/config/parse.ts";
import { ARN, problemsOf, ROLE } from "./problems-of.ts";

describe("the [agent] table", () => {
  test("has a default for every key", () => {
    const expected = {
      profiles: true,
      prefetch: [],
      idleTimeoutMs: 43_200_000,
      keyStore: "keychain",
      sessionCache: false,
      logLevel: "info",
    };
    expect(parseConfig("", "config.toml").agent).toEqual(expected);
    expect(parseConfig("[agent]\n", "config.toml").agent).toEqual(expected);
  });

  test("takes what is written", () => {
    const toml =
      '[agent]\nprofiles = false\nprefetch = ["a", "b"]\nidle_timeout = "30m"\nkey_store = "file"\nsession_cache = true\nlog_level = "debug"';
    const expected = {
      profiles: false,
      prefetch: ["a", "b"],
      idleTimeoutMs: 1_800_000,
      keyStore: "file",
      sessionCache: true,
      logLevel: "debug",
    };
    expect(parseConfig(toml, "config.toml").agent).toEqual(expected);
  });

  test.each([
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["12h", 43_200_000],
    ["1d", 86_400_000],
  ])("reads the duration %s", (duration, milliseconds) => {
    const { agent } = parseConfig(`[agent]\nidle_timeout = "${duration}"`, "config.toml");
    expect(agent.idleTimeoutMs).toBe(milliseconds);
  });

  test.each([
    '"0h"',
    '"12"',
    '"h"',
    '"1.5h"',
    '"-1h"',
    '"12 h"',
    '"1h30m"',
    '"12h\\n"',
    '"1e3s"',
    "12",
    "true",
  ])("refuses the duration %s", (duration) => {
    expect(problemsOf(`[agent]\nidle_timeout = ${duration}`)).toMatch(
      /^config\.toml:2: agent\.idle_timeout: must be /,
    );
  });

  test.each([
    ['log_level = "verbose"', 'agent.log_level: must be "debug", "info", "warn" or "error"'],
    ['profiles = "yes"', "agent.profiles: must be true or false, without quotes, not text"],
    ['prefetch = "deploy"', "agent.prefetch: must be a list of texts, not text"],
    ["prefetch = [1]", "agent.prefetch[0]: must be text in quotes, not a number"],
  ])("refuses %s", (line, problem) => {
    expect(problemsOf(`[agent]\n${line}`)).toBe(`config.toml:2: ${problem}`);
  });
});

describe("keys that aren't known", () => {
  test.each([
    ["[rolse.a]\n", 'config.toml:1: rolse: unknown key; did you mean "roles"?'],
    ["[agent]\nlogLevel = 1", 'config.toml:2: agent.logLevel: unknown key; did you mean "log_level"?'],
    [
      `${ROLE}duration = 900`,
      "config.toml:4: roles.deploy.duration: unknown key; remove it, or see the documentation for the keys",
    ],
    [
      `${ROLE}durationseconds = 900`,
      'config.toml:4: roles.deploy.durationseconds: unknown key; did you mean "duration_seconds"?',
    ],
  ])("are refused with a close name: %j", (toml, problem) => {
    expect(problemsOf(toml)).toBe(problem);
  });

  test("are all told, in the order of the file", () => {
    expect(problemsOf(`${ROLE}zzz = 1\n[agent]\nyyy = 2\n[xxx]\n`).split("\n")).toEqual([
      expect.stringContaining("config.toml:4: roles.deploy.zzz: unknown key"),
      expect.stringContaining("config.toml:6: agent.yyy: unknown key"),
      expect.stringContaining("config.toml:7: xxx: unknown key"),
    ]);
  });

  test("are told fifty at a time", () => {
    const toml = Array.from({ length: 80 }, (_, index) => `key${index} = 1`).join("\n");
    expect(problemsOf(toml).split("\n")).toHaveLength(51);
    expect(problemsOf(toml)).toMatch(/\nand 30 more$/);
  });
});

describe("secrets in config.toml", () => {
  const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  test.each([
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "secretAccessKey",
    "client_secret",
    "password",
    "token",
  ])("are refused under the key %s, and not shown", (key) => {
    for (const prefix of ["", "[agent]\n", ROLE]) {
      const problem = problemsOf(`${prefix}${key} = "${SECRET}"`);
      expect(problem).toContain(`${key}: secrets never stand in config.toml; use a profile`);
      expect(problem).not.toContain(SECRET);
    }
  });

  test.each([
    `aws_secret_access_key = "${SECRET}`,
    `aws_secret_access_key = ${SECRET}`,
    `external_id = "${SECRET}\u0001"`,
    `a = 1\n[roles]\nx = "${SECRET}" "`,
  ])("aren't shown in an error of syntax: %j", (toml) => {
    expect(problemsOf(toml)).toContain("not valid TOML: ");
    expect(problemsOf(toml)).not.toContain("wJalr");
  });

  test.each([
    "role_arn",
    "external_id",
    "role_session_name",
    "source_identity",
    "policy",
    "region",
    "credential_source",
  ])("aren't shown when they stand in %s by mistake", (key) => {
    const toml = `[roles.deploy]\n${key} = ${JSON.stringify(`${SECRET} \u00e9!`)}`;
    expect(problemsOf(toml)).toContain(`roles.deploy.${key}: `);
    expect(problemsOf(toml)).not.toContain("wJalr");
  });
});

describe("text that is no TOML", () => {
  test.each([
    ["[agent\n", 1],
    ["[agent]\nprofiles = yes", 2],
    ["\n\nrole_arn = arn:aws:iam::123456789012:role/x", 3],
    ["[agent]\n[agent]\n", 2],
    ["a = 1\na = 2", 2],
    ["x = 12h", 1],
    ["x = 'a\u0000'", 1],
    ["x = 99999999999999999999", 1],
  ])("is refused with its line: %j", (toml, line) => {
    expect(problemsOf(toml)).toMatch(
      new RegExp(`^config\\.toml:${line}: not valid TOML: [^\\n]+; check the quotes`),
    );
  });

  test.each(["[", "{a="])("doesn't overflow the stack when it is 10,000 %j deep", (bracket) => {
    expect(problemsOf(`x = ${bracket.repeat(10_000)}`)).toMatch(/^config\.toml:1: not valid TOML: .*nested/);
  });

  test("doesn't overflow the stack with tables 10,000 deep", () => {
    const dots = "a.".repeat(10_000);
    expect(problemsOf(`[${dots}a]`)).toMatch(/^config\.toml:1: a: unknown key/);
    expect(problemsOf(`${ROLE}tags = { ${dots}a = 1 }`)).toBe(
      "config.toml:4: roles.deploy.tags.a: must be text in quotes, not a table",
    );
  });
});

describe("the name of a role", () => {
  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "my role", "é", "..", "a.b"])(
    "may be %j",
    (name) => {
      const { roles } = parseConfig(`[roles.${JSON.stringify(name)}]\nprofile = "base"`, "config.toml");
      expect([...roles]).toEqual([[name, { profile: "base" }]]);
    },
  );

  test.each([
    ["", "a role needs a name"],
    ["a/b", 'a role\'s name has no "/" and no control characters'],
    ["a\nb", 'a role\'s name has no "/" and no control characters'],
    ["a\u0000", 'a role\'s name has no "/" and no control characters'],
    ["\u001b[31m", 'a role\'s name has no "/" and no control characters'],
    ["a\u2028b", 'a role\'s name has no "/" and no control characters'],
    ["a\u202eb", 'a role\'s name has no "/" and no control characters'],
    ["profile x", 'names that start with "profile " are kept for AWS profiles'],
  ])("can't be %j", (name, problem) => {
    const message = problemsOf(`[roles]\n${JSON.stringify(name)} = { profile = "base" }`);
    expect(message).toContain(`config.toml:2: roles.`);
    expect(message).toContain(problem);
    // oxlint-disable-next-line no-control-regex
    expect(message).not.toMatch(/[\u0000-\u001f\u2028\u202e]/);
  });

  test.each(["1", '"text"', "[1]", "1979-05-27", "true"])("must be that of a table, not %s", (value) => {
    expect(problemsOf(`[roles]\ndeploy = ${value}`)).toMatch(
      /^config\.toml:2: roles\.deploy: must be a table, not /,
    );
  });

  test("must be in one table of roles", () => {
    expect(problemsOf("roles = 1")).toBe("config.toml:1: roles: must be a table, not a number");
    expect(problemsOf("[[roles]]\na = 1")).toBe("config.toml:1: roles: must be a table, not a list");
    expect(problemsOf("agent = []")).toBe("config.toml:1: agent: must be a table, not a list");
  });
});

describe("what a role is", () => {
  test.each([
    [
      `role_arn = "${ARN}"`,
      "roles.x: nothing says which credentials to assume it with; add one of source_profile, source_role, source_key, credential_source",
    ],
    [
      'source_profile = "base"',
      'roles.x: role_arn is missing; add it, or only profile = "NAME" for an AWS profile',
    ],
    [
      `role_arn = "${ARN}"\nsource_profile = "a"\nsource_role = "b"`,
      "roles.x.source_role: can't stand beside source_profile; keep one of them",
    ],
    [
      `role_arn = "${ARN}"\nsource_role = "a"\ncredential_source = "Environment"`,
      "roles.x.credential_source: can't stand beside source_role; keep one of them",
    ],
    [
      'profile = "base"\nregion = "eu-west-1"',
      "roles.x.region: can't stand beside profile; remove one of them",
    ],
    [
      'credential_process = "/opt/keys"\nsource_profile = "a"',
      "roles.x.source_profile: can't stand beside credential_process; remove one of them",
    ],
    [
      "credential_process = '/opt/keys \"for me'",
      "roles.x.credential_process: has a quote that is not closed",
    ],
    ['credential_process = " "', "roles.x.credential_process: names no program"],
    [
      `role_arn = "${ARN}"\nsource_profile = "a"\npolicy = "{}"\npolicy_file = "a.json"`,
      "roles.x.policy_file: can't stand beside policy; keep one of them",
    ],
  ])("must follow from its keys: %j", (keys, problem) => {
    expect(problemsOf(`[roles.x]\n${keys}`)).toMatch(/^config\.toml:\d: [^\n]+$/);
    expect(problemsOf(`[roles.x]\n${keys}`)).toContain(problem);
  });

  test("needs at least one key", () => {
    expect(problemsOf("[roles.x]")).toContain("config.toml:1: roles.x: role_arn is missing");
  });
});
