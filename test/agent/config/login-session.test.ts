import { beforeEach, describe, expect, test } from "vitest";
import type { Role } from "../../../packages/agent/src/core/role.ts";
import { TempHome } from "./temp-home.ts";

const session = "arn:aws:sts::012345678910:assumed-role/Admin/admin";
/** SHA-256 of the session, as the AWS SDKs' own test data has it. */
const fileName = "4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255.json";
const login = `login_session = ${session}\n`;
const keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = EXAMPLEKEY\n";
const roleArn = "arn:aws:iam::123456789012:role/Deploy";

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
});

function roleOf(name: string, config: string, credentials: string = ""): Role | undefined {
  home.write(".aws/config", config);
  home.write(".aws/credentials", credentials);
  return home.load().roles.get(name);
}

describe("a profile with login_session", () => {
  test("is a login whose file is found as the AWS CLI finds it", () => {
    expect(roleOf("dev", `[profile dev]\n${login}region = eu-west-1\n`)).toEqual({
      type: "login",
      name: "dev",
      definedIn: "profile dev",
      loginSession: session,
      tokenFile: `${home.path}/.aws/login/cache/${fileName}`,
      region: "eu-west-1",
      endpointProfile: "dev",
      loginProfile: "dev",
    });
  });

  test.each([
    ["/var/cache/aws", "/var/cache/aws"],
    ["~/cache", "HOME/cache"],
  ])("has its file in AWS_LOGIN_CACHE_DIRECTORY=%s", (directory, expected) => {
    home.write(".aws/config", `[profile dev]\n${login}`);
    const { roles } = home.load({ env: { AWS_LOGIN_CACHE_DIRECTORY: directory } });
    expect(roles.get("dev")).toMatchObject({
      tokenFile: `${expected.replace("HOME", home.path)}/${fileName}`,
    });
  });

  test.each([
    ["a role", `role_arn = ${roleArn}\nsource_profile = base\n`, "assume-role"],
    ["a token", `role_arn = ${roleArn}\nweb_identity_token_file = /token\n`, "web-identity"],
    [
      "Identity Center",
      "sso_account_id = 123456789012\nsso_role_name = Admin\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n",
      "sso",
    ],
    ["a program", "credential_process = x\n", "login"],
    ["keys in ~/.aws/config", keys, "login"],
  ])("and with %s is what the AWS CLI takes first", (_name, settings, type) => {
    expect(roleOf("dev", `[profile base]\n${keys}[profile dev]\n${login}${settings}`)).toMatchObject({
      type,
    });
  });

  test("and with keys in ~/.aws/credentials has these, as the AWS CLI does", () => {
    expect(roleOf("dev", `[profile dev]\n${login}`, `[dev]\n${keys}`)).toMatchObject({ type: "profile" });
  });

  test("is one role for all whose source it is", () => {
    home.write(
      ".aws/config",
      `[profile dev]\n${login}[profile a]\nrole_arn = ${roleArn}\nsource_profile = dev\n`,
    );
    home.config(`[roles.b]\nrole_arn = "${roleArn}"\nsource_profile = "dev"\n`);
    const { roles } = home.load();
    for (const name of ["a", "b"]) {
      expect(roles.get(name)).toMatchObject({ source: { type: "role", role: "dev" } });
    }
  });

  test("can have an alias, whose hint names the profile", () => {
    home.write(".aws/config", `[profile dev]\n${login}`);
    home.config('[roles.me]\nprofile = "dev"\n');
    expect(home.load().roles.get("me")).toMatchObject({ type: "login", endpointProfile: "dev" });
  });
});

test("roles of one login name the same profile to sign in by", () => {
  home.config(`[roles.me]\nlogin_session = "${session}"\n`);
  home.write(".aws/config", `[profile one]\n${login}[profile two]\n${login}`);
  const { roles } = home.load();
  for (const name of ["one", "two", "me"]) expect(roles.get(name)).toMatchObject({ loginProfile: "one" });
});

describe("a table with login_session", () => {
  test("is a login", () => {
    home.config(`[roles.me]\nlogin_session = "${session}"\nregion = "eu-west-1"\n`);
    expect(home.load().roles.get("me")).toEqual({
      type: "login",
      name: "me",
      definedIn: "config.toml [roles.me]",
      loginSession: session,
      tokenFile: `${home.path}/.aws/login/cache/${fileName}`,
      region: "eu-west-1",
    });
  });

  test.each([
    ['login_session = "alice"', /login_session: must be the ARN that aws login wrote/],
    [
      `login_session = "${session}"\nduration_seconds = 3600`,
      /duration_seconds: can't stand beside login_session/,
    ],
  ])("is refused as %s", (lines, message) => {
    home.config(`[roles.me]\n${lines}\n`);
    expect(home.problem()).toMatch(message);
  });
});

describe("a role assumed with a login", () => {
  test.each([
    [session, 3600],
    ["arn:aws:iam::012345678910:user/Alice", 7200],
  ])("of %s lasts %i s of two hours that it wants", (arn, seconds) => {
    home.config(
      `[roles.me]\nlogin_session = "${arn}"\n[roles.a]\nrole_arn = "${roleArn}"\nsource_role = "me"\nduration_seconds = 7200\n`,
    );
    expect(home.load().roles.get("a")).toMatchObject({ durationSeconds: seconds });
  });
});
