import { createHash } from "node:crypto";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { TempHome } from "./temp-home.ts";

const startUrl = "https://example.awsapps.com/start";
const corp = `[sso-session corp]\nsso_start_url = ${startUrl}\nsso_region = eu-west-1\n`;
const permissionSet = 'sso_account_id = "111122223333"\nsso_role_name = "ReadOnly"\n';
const reader = `[roles.reader]\nsso_session = "corp"\n${permissionSet}`;
const profileKeys = "sso_account_id = 111122223333\nsso_role_name = ReadOnly\n";

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
});

/** Where the AWS CLI keeps the token of a session name or start URL. */
function tokenFile(key: string): string {
  const hash = createHash("sha1").update(key).digest("hex");
  return join(home.path, ".aws", "sso", "cache", `${hash}.json`);
}

function roleOf(aws: string, name: string): unknown {
  home.write(".aws/config", aws);
  return home.load().roles.get(name);
}

function problem(toml: string, aws: string = corp): string {
  home.write(".aws/config", aws);
  home.config(toml);
  return home.problem();
}

describe("a role with sso_session", () => {
  test("has its sign-in from the AWS shared config, and its token where the AWS CLI keeps it", () => {
    home.config(reader);
    expect(roleOf(corp, "reader")).toEqual({
      type: "sso",
      name: "reader",
      definedIn: "config.toml [roles.reader]",
      accountId: "111122223333",
      ssoRoleName: "ReadOnly",
      startUrl,
      ssoRegion: "eu-west-1",
      sessionName: "corp",
      scopes: ["sso:account:access"],
      tokenFile: tokenFile("corp"),
    });
  });

  test("asks for the scopes that the session names", () => {
    home.config(reader);
    const aws = `${corp}sso_registration_scopes = sso:account:access, codewhisperer:completions ,\n`;
    expect(roleOf(aws, "reader")).toMatchObject({
      scopes: ["sso:account:access", "codewhisperer:completions"],
    });
  });

  test.each([
    [reader.replace("corp", "other"), /roles\.reader\.sso_session: there is no \[sso-session other\]/],
    [
      `${reader}sso_start_url = "${startUrl}"\n`,
      /sso_start_url: can't stand beside sso_session; keep one of them/,
    ],
    [reader.replace(/sso_role_name.*\n/, ""), /sso_role_name is missing/],
    [reader.replace('"111122223333"', '"1111"'), /sso_account_id: must be an account id/],
    [reader.replace("ReadOnly", "Read Only"), /sso_role_name: must be the name of a permission set/],
    [
      `${reader}role_arn = "arn:aws:iam::123456789012:role/Deploy"\n`,
      /role_arn: can't stand beside sso_session/,
    ],
    [`[roles.reader]\n${permissionSet}`, /nothing says where to sign in; add sso_session/],
    [
      `[roles.reader]\n${permissionSet}sso_start_url = "http://x"\n`,
      /sso_start_url: must be the https address/,
    ],
  ])("is refused as %j", (toml, message) => {
    expect(problem(toml)).toMatch(message);
  });

  test.each([
    ["sso_region = x\n", "has no sso_start_url"],
    [`sso_start_url = ${startUrl}\n`, "has no sso_region"],
    ["sso_start_url = gopher://x\nsso_region = x\n", "sso_start_url must be the https address"],
    [`sso_start_url = ${startUrl}\nsso_region = a/b\n`, "sso_region must be the name of a region"],
  ])("is refused where the session is %j", (settings, message) => {
    expect(problem(reader, `[sso-session corp]\n${settings}`)).toContain(message);
  });
});

test("the older form has its token by its start URL, and no scopes", () => {
  home.config(`[roles.old]\n${permissionSet}sso_start_url = "${startUrl}"\nsso_region = "eu-west-1"\n`);
  expect(roleOf("", "old")).toMatchObject({ tokenFile: tokenFile(startUrl), scopes: [] });
  expect(home.load().roles.get("old")).not.toHaveProperty("sessionName");
});

describe("a profile of Identity Center", () => {
  test("is a role, whatever keys it has beside that", () => {
    const keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
    expect(roleOf(`${corp}[profile dev]\nsso_session = corp\n${profileKeys}${keys}`, "dev")).toMatchObject({
      type: "sso",
      sessionName: "corp",
      endpointProfile: "dev",
      definedIn: "profile dev",
    });
  });

  test("is the parent of roles that have it as their source", () => {
    home.config(
      '[roles.child]\nrole_arn = "arn:aws:iam::123456789012:role/Deploy"\nsource_profile = "dev"\nduration_seconds = 7200\n',
    );
    const child = roleOf(`${corp}[profile dev]\nsso_session = corp\n${profileKeys}`, "child");
    expect(child).toMatchObject({ source: { type: "role", role: "dev" }, durationSeconds: 3600 });
  });

  test.each([
    ["sso_session = other\n", "there is no [sso-session other]"],
    [`sso_session = corp\nsso_region = us-east-1\n`, 'is not that of its sso_session "corp"'],
    ["", "has neither sso_session nor sso_start_url and sso_region"],
    [`sso_start_url = ${startUrl}\n`, "has neither sso_session nor sso_start_url and sso_region"],
  ])("can't be used with %j", (settings, message) => {
    expect(roleOf(`${corp}[profile dev]\n${profileKeys}${settings}`, "dev")).toMatchObject({
      type: "invalid",
      problem: expect.stringContaining(message),
    });
  });

  test.each(["sso_account_id", "sso_role_name"])("can't be used without %s", (key) => {
    const rest = profileKeys.replace(new RegExp(`${key}.*\n`), "");
    expect(roleOf(`${corp}[profile dev]\nsso_session = corp\n${rest}`, "dev")).toMatchObject({
      type: "invalid",
      problem: `is a profile of IAM Identity Center without ${key}`,
    });
  });
});
