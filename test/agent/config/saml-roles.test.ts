import { beforeEach, describe, expect, test } from "vitest";
import { TempHome } from "./temp-home.ts";

const role = `[roles.okta]
role_arn = "arn:aws:iam::123456789012:role/Deploy"
principal_arn = "arn:aws:iam::123456789012:saml-provider/Okta"
`;
const fromFile = `${role}saml_assertion_file = "assertion.b64"\n`;

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
});

function problem(toml: string): string {
  home.config(toml);
  return home.problem();
}

describe("a role with a SAML assertion", () => {
  test("has the path of its file from config.toml's directory, or from home, and doesn't read it", () => {
    home.config(fromFile);
    expect(home.load().roles.get("okta")).toEqual({
      type: "saml",
      name: "okta",
      definedIn: "config.toml [roles.okta]",
      roleArn: "arn:aws:iam::123456789012:role/Deploy",
      principalArn: "arn:aws:iam::123456789012:saml-provider/Okta",
      assertion: { type: "file", path: `${home.path}/.config/role-agent/assertion.b64` },
      durationSeconds: 3600,
      policyArns: [],
    });
    home.config(fromFile.replace("assertion.b64", "~/assertion.b64"));
    expect(home.load().roles.get("okta")).toMatchObject({
      assertion: { path: `${home.path}/assertion.b64` },
    });
  });

  test("takes everything that AssumeRoleWithSAML takes", () => {
    home.write(".config/role-agent/readonly.json", '{"Version":"2012-10-17","Statement":[]}');
    home.config(`${role}saml_assertion_process = "login --saml"
duration_seconds = 7200
policy_file = "readonly.json"
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
region = "eu-west-1"
`);
    expect(home.load().roles.get("okta")).toMatchObject({
      assertion: { type: "process", command: "login --saml" },
      durationSeconds: 7200,
      policy: '{"Version":"2012-10-17","Statement":[]}',
      policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      region: "eu-west-1",
    });
  });

  test.each([
    ["no assertion", role, "add one of saml_assertion_file, saml_assertion_process"],
    ["two", `${fromFile}saml_assertion_process = "login"\n`, "can't stand beside saml_assertion_file"],
    ["no provider", fromFile.replace(/principal_arn.*\n/, ""), "principal_arn is missing"],
    ["no role", fromFile.replace(/role_arn.*\n/, ""), "role_arn is missing"],
    ["a source", `${fromFile}source_profile = "base"\n`, "can't stand beside saml_assertion_file"],
    ["a session name", `${fromFile}role_session_name = "alice"\n`, "can't stand beside saml_assertion_file"],
    [
      "a role as its provider",
      fromFile.replace("saml-provider/Okta", "role/Okta"),
      "the ARN of a SAML provider",
    ],
    ["an open quote", `${role}saml_assertion_process = "login 'a"\n`, "a quote that is not closed"],
    [
      "a foreign policy",
      `${fromFile}policy_arns = ["arn:aws:iam::111122223333:policy/A"]\n`,
      "another account",
    ],
    ["too short a session", `${fromFile}duration_seconds = 60\n`, "from 900 to 43200"],
  ])("is refused with %s", (_what, toml, message) => {
    expect(problem(toml)).toContain(message);
  });
});
