import { beforeEach, describe, expect, test } from "vitest";
import { TempHome } from "./temp-home.ts";

const policy = '{"Version":"2012-10-17","Statement":[]}';
const deploy = `[roles.deploy]
role_arn = "arn:aws:iam::123456789012:role/Deploy"
source_profile = "base"
`;
const readonly = `[roles.readonly]
source_role = "deploy"
policy = '${policy}'
`;

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
  home.write(
    ".aws/config",
    "[profile base]\nregion = eu-west-1\nendpoint_url = http://localhost:1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
  );
});

function problem(toml: string): string {
  home.config(toml);
  return home.problem();
}

describe("source_role with a policy and no role_arn", () => {
  test("is that role, narrowed, at its STS", () => {
    home.config(`${readonly}${deploy}`);
    expect(home.load().roles.get("readonly")).toEqual({
      type: "scoped",
      name: "readonly",
      definedIn: "config.toml [roles.readonly]",
      sourceRole: "deploy",
      policy,
      region: "eu-west-1",
      endpointProfile: "base",
    });
  });

  test("takes a file, a region and a time from one second to 36 hours", () => {
    home.write(".config/role-agent/readonly.json", policy);
    for (const seconds of [1, 129_600]) {
      home.config(
        `${deploy}[roles.readonly]\nsource_role = "deploy"\npolicy_file = "readonly.json"\nduration_seconds = ${seconds}\nregion = "us-west-2"\n`,
      );
      expect(home.load().roles.get("readonly")).toMatchObject({
        policy,
        durationSeconds: seconds,
        region: "us-west-2",
        endpointProfile: "base",
      });
    }
  });

  test("narrows a profile, or a role that is narrow already", () => {
    const narrower = readonly.replace(".readonly", ".narrower").replace('"deploy"', '"readonly"');
    home.config(`${narrower}${readonly.replace('"deploy"', '"base"')}`);
    const { roles } = home.load();
    expect(roles.get("readonly")).toMatchObject({ sourceRole: "base", endpointProfile: "base" });
    expect(roles.get("narrower")).toMatchObject({
      sourceRole: "readonly",
      region: "eu-west-1",
      endpointProfile: "base",
    });
  });

  test("of a user's session is no role session, so that what is assumed with it may last", () => {
    const me = `[roles.me]\nsource_profile = "base"\nmfa_serial = "arn:aws:iam::123456789012:mfa/alice"\n`;
    const child = `[roles.child]\nrole_arn = "arn:aws:iam::123456789012:role/Deploy"\nsource_role = "readonly"\nduration_seconds = 7200\n`;
    home.config(`${me}${readonly.replace('"deploy"', '"me"')}${child}`);
    expect(home.load().roles.get("child")).toMatchObject({ durationSeconds: 7200 });
    home.config(`${deploy}${readonly}${child}`);
    expect(home.load().roles.get("child")).toMatchObject({ durationSeconds: 3600 });
  });

  test.each([
    ["no policy", readonly.replace(/policy.*\n/, ""), "add policy or policy_file; or role_arn"],
    ["two policies", `${readonly}policy_file = "x.json"\n`, "can't stand beside policy"],
    ["an unknown role", readonly.replace('"deploy"', '"depoly"'), 'did you mean "deploy"?'],
    ["itself as its source", readonly.replace('"deploy"', '"readonly"'), "leads back to itself"],
    ["no time", `${readonly}duration_seconds = 0\n`, "from 1 to 129600"],
    ["more than 36 hours", `${readonly}duration_seconds = 129601\n`, "from 1 to 129600"],
    ["half a second", `${readonly}duration_seconds = 0.5\n`, "from 1 to 129600"],
    ["a session name", `${readonly}role_session_name = "x1"\n`, "remove one of them, or add role_arn"],
    ["managed policies", `${readonly}policy_arns = []\n`, "can't stand beside source_role"],
    ["a long policy", readonly.replace("{", `{${" ".repeat(2048)}`), "AWS takes 2048 at most"],
  ])("is refused with %s", (_what, toml, message) => {
    expect(problem(`${deploy}${toml}`)).toContain(message);
  });
});
