import { beforeEach, describe, expect, test } from "vitest";
import type { Role } from "../../../packages/agent/src/core/role.ts";
import { TempHome } from "./temp-home.ts";

const roleArn = "arn:aws:iam::123456789012:role/Deploy";
const keys = "aws_access_key_id = x\naws_secret_access_key = y\n";

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
});

/** Seconds that a role's sessions last, and the notices. */
function loaded(name: string): { seconds: number | undefined; notices: readonly string[] } {
  const { roles, warnings } = home.load();
  const role: Role | undefined = roles.get(name);
  return { seconds: role?.type === "assume-role" ? role.durationSeconds : undefined, notices: warnings };
}

const notice = [
  'role "a": its sessions last 3600 s instead of 7200 s: AWS limits role chaining, a role assumed with a role session, to one hour',
];

describe("a chained role that wants more than an hour", () => {
  beforeEach(() => {
    home.write(
      ".aws/config",
      `[profile base]\n${keys}[profile chained]\nrole_arn = ${roleArn}\nsource_profile = base\n[profile sso]\nsso_account_id = 123456789012\n[profile web]\nrole_arn = ${roleArn}\nweb_identity_token_file = /token\n`,
    );
  });

  test.each([
    'source_role = "chained"',
    'source_profile = "chained"',
    'source_profile = "sso"',
    'source_profile = "web"',
    'credential_source = "Ec2InstanceMetadata"',
    'credential_source = "EcsContainer"',
    'source_role = "sso"',
  ])("by %s gets an hour, and a notice", (source) => {
    home.config(`[roles.a]\nrole_arn = "${roleArn}"\n${source}\nduration_seconds = 7200\n`);
    expect(loaded("a")).toEqual({ seconds: 3600, notices: notice });
  });

  test("is an AWS profile as well", () => {
    home.write(
      ".aws/config",
      `[profile base]\n${keys}[profile b]\nrole_arn = ${roleArn}\nsource_profile = base\n[profile a]\nrole_arn = ${roleArn}\nsource_profile = b\nduration_seconds = 7200\n`,
    );
    expect(loaded("a")).toEqual({ seconds: 3600, notices: notice });
  });

  test.each([
    'source_profile = "base"',
    'source_role = "base"',
    'source_role = "vault"',
    'credential_source = "Environment"',
    'source_profile = "base"\nmfa_serial = "arn:aws:iam::123456789012:mfa/alice"',
  ])("isn't one that is assumed by %s", (source) => {
    home.config(
      `[roles.vault]\ncredential_process = "/opt/vault"\n[roles.a]\nrole_arn = "${roleArn}"\n${source}\nduration_seconds = 7200\n`,
    );
    expect(loaded("a")).toEqual({ seconds: 7200, notices: [] });
  });
});
