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

describe("a role of config.toml", () => {
  test("is assumed as its table says", () => {
    home.config(
      assume(
        "deploy",
        `source_profile = "base"
external_id = "ext-1"
duration_seconds = 7200
role_session_name = "{user}-{pid}"
source_identity = "{user}"
policy = '{"Version":"2012-10-17","Statement":[]}'
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:policy/Own"]
tags = { team = "core" }
transitive_tag_keys = ["Team"]
region = "us-west-2"`,
      ),
    );
    expect(home.load().roles.get("deploy")).toEqual({
      type: "assume-role",
      name: "deploy",
      definedIn: "config.toml [roles.deploy]",
      roleArn: ARN,
      source: { type: "profile", profile: "base" },
      externalId: "ext-1",
      durationSeconds: 7200,
      roleSessionName: "alice-4242",
      sourceIdentity: "alice",
      policy: '{"Version":"2012-10-17","Statement":[]}',
      policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:policy/Own"],
      tags: { team: "core" },
      transitiveTagKeys: ["Team"],
      region: "us-west-2",
      endpointProfile: "base",
    });
  });

  test("has defaults, and the region and endpoints of its source profile", () => {
    home.config(assume("deploy", 'source_profile = "base"'));
    expect(home.load().roles.get("deploy")).toEqual({
      type: "assume-role",
      name: "deploy",
      definedIn: "config.toml [roles.deploy]",
      roleArn: ARN,
      source: { type: "profile", profile: "base" },
      durationSeconds: 3600,
      roleSessionName: "alice@laptop",
      policyArns: [],
      tags: {},
      transitiveTagKeys: [],
      region: "eu-west-1",
      endpointProfile: "base",
    });
  });

  test.each([
    ['source_profile = "base"', { type: "profile", profile: "base" }],
    ['source_profile = "chained"', { type: "role", role: "chained" }],
    ['source_role = "other"', { type: "role", role: "other" }],
    ['source_role = "base"', { type: "role", role: "base" }],
    ['credential_source = "Environment"', { type: "credential-source", from: "Environment" }],
  ])("takes its source credentials from %s", (keys, source) => {
    home.config(assume("deploy", keys) + assume("other", 'credential_source = "EcsContainer"'));
    expect(home.load().roles.get("deploy")).toMatchObject({ source });
  });

  test("comes before the profiles, in the order of the file", () => {
    home.config(assume("z", 'source_profile = "base"') + assume("a", 'source_profile = "base"'));
    expect([...home.load().roles.keys()]).toEqual(["z", "a", "base", "chained"]);
  });

  test("is an alias of a profile", () => {
    home.config('[roles.plain]\nprofile = "base"\n[roles."my role"]\nprofile = "chained"\n');
    const { roles } = home.load();
    expect(roles.get("plain")).toMatchObject({
      type: "profile",
      name: "plain",
      definedIn: "config.toml [roles.plain]",
      profile: "base",
    });
    expect(roles.get("my role")).toMatchObject({
      type: "assume-role",
      name: "my role",
      definedIn: 'config.toml [roles."my role"]',
      roleArn: ARN,
      endpointProfile: "chained",
    });
  });

  test("that is an alias of a broken profile stops no other", () => {
    home.write(".aws/config", `[profile broken]\nrole_arn = ${ARN}\n`);
    home.config('[roles.x]\nprofile = "broken"\n');
    expect(home.load().roles.get("x")).toMatchObject({ type: "invalid", name: "x" });
  });

  test("may be assumed with the role of a profile that isn't served", () => {
    home.config(`[agent]\nprofiles = false\n${assume("deploy", 'source_profile = "chained"')}`);
    const { roles } = home.load();
    expect([...roles.keys()]).toEqual(["deploy", "profile chained"]);
    expect(roles.get("deploy")).toMatchObject({ source: { type: "role", role: "profile chained" } });
  });
});

describe("a session name", () => {
  const named = (template: string, identity: object): string => {
    home.config(assume("deploy", `role_session_name = "${template}"\nsource_profile = "base"`));
    const role = home.load({ identity: { user: "u", host: "h", pid: 7, ...identity } }).roles.get("deploy");
    return role?.type === "assume-role" ? role.roleSessionName : "";
  };

  test.each([
    [
      "{user}@{host}",
      { user: "CORP\\alice smith", host: "laptop.example" },
      "CORP-alice-smith@laptop.example",
    ],
    ["{user}", { user: "josé 🎉" }, "jos---"],
    ["{user}", { user: "x".repeat(100) }, "x".repeat(64)],
    ["{user}@{host}", { user: "x".repeat(60), host: "y".repeat(60) }, `${"x".repeat(60)}@yyy`],
    ["{user}{user}", { user: "{pid}" }, "-pid--pid-"],
    ["{user}x", { user: "" }, "-x"],
  ])("of %s is filled in with what AWS allows", (template, identity, expected) => {
    expect(named(template, identity)).toBe(expected);
  });

  test("that is too short once filled in is a problem", () => {
    home.config(assume("deploy", 'role_session_name = "{pid}"\nsource_profile = "base"'));
    expect(home.problem({ identity: { user: "u", host: "h", pid: 1 } })).toBe(
      `${CONFIG}:3: roles.deploy.role_session_name: has only 1 character when filled in, and AWS wants 2 to 64`,
    );
  });
});

describe("the names in config.toml", () => {
  test.each([
    [
      assume("a", 'source_profile = "bsae"'),
      '3: roles.a.source_profile: there is no AWS profile "bsae"; did you mean "base"?',
    ],
    [
      assume("a", 'source_profile = "other"'),
      '3: roles.a.source_profile: there is no AWS profile "other"; add it to ~/.aws/config',
    ],
    [
      assume("a", 'source_profile = "a"'),
      '3: roles.a.source_profile: there is no AWS profile "a"; a role of config.toml is named by source_role',
    ],
    [
      '[roles.a]\nprofile = "chaind"',
      '2: roles.a.profile: there is no AWS profile "chaind"; did you mean "chained"?',
    ],
    [
      assume("deploy", 'source_role = "depoly"'),
      '3: roles.deploy.source_role: there is no role "depoly"; did you mean "deploy"?',
    ],
    [
      '[agent]\nprefetch = [\n"base",\n"chianed"]',
      '4: agent.prefetch[1]: there is no role "chianed"; did you mean "chained"?',
    ],
    [`[agent]\nprofiles = false\nprefetch = ["base"]`, '3: agent.prefetch[0]: there is no role "base"'],
    [
      `[agent]\nprofiles = false\n${assume("a", 'source_role = "base"')}`,
      '5: roles.a.source_role: there is no role "base"; profiles = false keeps profiles from being roles; use source_profile',
    ],
  ])("must exist: %j", (toml, expected) => {
    expect(problem(toml)).toBe(expected);
  });

  test("may be those that every object has", () => {
    const toml = `[agent]\nprefetch = ["__proto__"]\n${assume("__proto__", 'source_role = "constructor"')}${assume("constructor", 'source_profile = "base"')}`;
    home.config(toml);
    expect([...home.load().roles.keys()].slice(0, 2)).toEqual(["__proto__", "constructor"]);
    expect(problem(assume("a", 'source_role = "toString"'))).toContain('there is no role "toString"');
  });

  test("must lead to no cycle, which is named whole", () => {
    const chain = (name: string, source: string): string => assume(name, `source_role = "${source}"`);
    expect(problem(chain("a", "a"))).toBe(
      "3: roles.a.source_role: leads back to itself: a → a; one of them needs source_profile, source_key or credential_source",
    );
    expect(problem(chain("x", "a") + chain("a", "b") + chain("b", "c") + chain("c", "a"))).toBe(
      "6: roles.a.source_role: leads back to itself: a → b → c → a; one of them needs source_profile, source_key or credential_source",
    );
  });

  test("may form a chain of fifty", () => {
    const chain = Array.from({ length: 50 }, (_, index) =>
      assume(`r${index}`, `source_role = "r${index + 1}"`),
    );
    home.config(chain.join("") + assume("r50", 'source_profile = "base"'));
    expect(home.load().roles.size).toBe(53);
  });
});

describe("a role with a web identity token", () => {
  test("is assumed as its table says, its token file beside config.toml", () => {
    home.config(
      assume(
        "ci",
        `web_identity_token_file = "token"
duration_seconds = 900
role_session_name = "ci-{pid}"
policy = '{}'
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
region = "us-west-2"`,
      ),
    );
    expect(home.load().roles.get("ci")).toEqual({
      type: "web-identity",
      name: "ci",
      definedIn: "config.toml [roles.ci]",
      roleArn: ARN,
      token: { type: "file", path: `${home.path}/.config/role-agent/token` },
      roleSessionName: "ci-4242",
      durationSeconds: 900,
      policy: "{}",
      policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      region: "us-west-2",
    });
  });

  test.each([
    ["~/token", "/token"],
    ["/run/token", undefined],
  ])("finds its token file at %s", (file, inHome) => {
    home.config(assume("ci", `web_identity_token_file = "${file}"`));
    const path = inHome === undefined ? file : home.path + inHome;
    expect(home.load().roles.get("ci")).toMatchObject({
      token: { type: "file", path },
      roleSessionName: "alice@laptop",
      durationSeconds: 3600,
      policyArns: [],
    });
  });

  test("can have it printed by a program", () => {
    home.config(assume("ci", `web_identity_token_process = "get-token --aud sts"`));
    expect(home.load().roles.get("ci")).toMatchObject({
      token: { type: "process", command: "get-token --aud sts" },
    });
  });

  test("is a source for an hour at most", () => {
    const child = `[roles.child]\nrole_arn = "${ARN}"\nsource_role = "ci"\nduration_seconds = 7200\n`;
    home.config(assume("ci", `web_identity_token_file = "token"`) + child);
    expect(home.load().roles.get("child")).toMatchObject({ durationSeconds: 3600 });
  });

  test.each([
    [
      `web_identity_token_file = "token"\nweb_identity_token_process = "get-token"`,
      "web_identity_token_process: can't stand beside web_identity_token_file; keep one of them",
    ],
    [
      `web_identity_token_file = "token"\nsource_profile = "base"`,
      "source_profile: can't stand beside web_identity_token_file; remove one of them",
    ],
    [
      `web_identity_token_process = "get-token"\nexternal_id = "team"`,
      "external_id: can't stand beside web_identity_token_process; remove one of them",
    ],
    [`web_identity_token_file = ""`, "web_identity_token_file: must be a name: not empty"],
    [
      `web_identity_token_process = "get 'token"`,
      "web_identity_token_process: has a quote that is not closed",
    ],
    [
      `web_identity_token_file = "token"\npolicy_arns = ["arn:aws:iam::444455556666:policy/Other"]`,
      "policy_arns[0]: is a policy of another account",
    ],
  ])("has keys that fit together: %j", (keys, message) => {
    expect(problem(assume("ci", keys))).toContain(`roles.ci.${message}`);
  });

  test("needs role_arn", () => {
    expect(problem(`[roles.ci]\nweb_identity_token_file = "token"\n`)).toContain("role_arn is missing");
  });
});
