import { beforeEach, describe, expect, it } from "vitest";
import { findSignIn, type PlacedSignIn } from "../../../packages/agent/src/cli/find-sign-in.ts";
import { ssoLoginCommand } from "../../../packages/agent/src/core/sign-in-command.ts";
import { TempHome } from "../config/temp-home.ts";

const session =
  "[sso-session a]\nsso_start_url = https://session.awsapps.com/start\nsso_region = eu-west-1\n";
const permissionSet = "sso_account_id = 111122223333\nsso_role_name = ReadOnly\n";
const olderUrl = "https://older.awsapps.com/start";
const older = `${permissionSet}sso_start_url = ${olderUrl}\nsso_region = eu-west-1\n`;
const loginArn = "arn:aws:iam::123456789012:user/Alice";

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
});

function find(aws: string, operand?: string): PlacedSignIn {
  home.write(".aws/config", aws);
  return findSignIn(home.load(), operand);
}

describe("the sign-in that an operand means", () => {
  it("is an sso-session before a role of its name, which its start URL means for certain", () => {
    const aws = `${session}[profile a]\n${older}`;
    expect(find(aws, "a")).toMatchObject({ sessionName: "a" });
    expect(find(aws, olderUrl)).toMatchObject({ startUrl: olderUrl });
    expect(ssoLoginCommand(find(aws, olderUrl))).toBe(`role-agent login ${olderUrl}`);
  });

  it("is one for all roles of a start URL, whichever is named", () => {
    const aws = `[profile one]\n${older}[profile two]\n${older}`;
    const commands = ["one", "two", olderUrl, undefined].map((name) => ssoLoginCommand(find(aws, name)));
    expect(new Set(commands)).toEqual(new Set([`role-agent login ${olderUrl}`]));
  });

  it("takes place where the token will be renewed", () => {
    const profile = `[profile reader]\nsso_session = a\n${permissionSet}`;
    for (const name of ["a", "reader"]) {
      expect(find(session + profile, name)).toMatchObject({ sessionName: "a", endpointProfile: "reader" });
    }
    expect(find(session)).not.toHaveProperty("endpointProfile");
  });

  it("is none where a role is a console login: the AWS CLI signs in to that", () => {
    const findConsoleLogin = (): unknown => find(`[profile me]\nlogin_session = ${loginArn}\n`, "me");
    expect(findConsoleLogin).toThrow(expect.objectContaining({ hint: "aws login --profile me" }));
    expect(findConsoleLogin).toThrow('"me" is a console login of the AWS CLI');
  });
});
