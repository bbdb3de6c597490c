import { describe, expect, it } from "vitest";
import { withoutDefaultCredentials } from "../../../../packages/agent/src/cli/exec/default-profile.ts";

describe("a config file for a command that must not have [default]'s credentials", () => {
  it("is none where [default] brings none, whatever other profiles do", () => {
    const config = "[default]\nregion = eu-west-1\n[profile app]\nrole_arn = x\naws_access_key_id = y\n";
    expect(withoutDefaultCredentials(config)).toBeUndefined();
    expect(withoutDefaultCredentials("")).toBeUndefined();
  });

  it.each([
    ["aws_access_key_id = AKIAIOSFODNN7EXAMPLE"],
    ["credential_process = /usr/bin/true"],
    ["role_arn=arn:aws:iam::123456789012:role/x"],
    ["web_identity_token_file : /token"],
    ["sso_session = corp"],
    ["login_session = x"],
    ["AWS_SECRET_ACCESS_KEY = x"],
  ])("keeps [default]'s other settings, and leaves out %s", (setting) => {
    const config = `[default]\nregion = eu-west-1\n${setting}\noutput = json\n`;
    expect(withoutDefaultCredentials(config)).toBe("[default]\nregion = eu-west-1\noutput = json\n");
  });

  it.each(["[profile default]", "[ default ]", '[profile "default"]', "[default] # mine"])(
    "knows it by %s",
    (section) => {
      expect(withoutDefaultCredentials(`${section}\nrole_arn = x\nregion = y`)).toBe(
        `${section}\nregion = y`,
      );
    },
  );

  it("keeps how other profiles get theirs, but no key of any", () => {
    const other =
      "[profile app]\nrole_arn = x\nsource_profile = base\naws_secret_access_key = s\naws_session_token = t\n";
    expect(
      withoutDefaultCredentials(`[default]\nrole_arn = x\n${other}[sso-session a]\nsso_region = r\n`),
    ).toBe(
      "[default]\n[profile app]\nrole_arn = x\nsource_profile = base\n[sso-session a]\nsso_region = r\n",
    );
  });

  it("keeps what is indented no deeper than the setting that it leaves out", () => {
    const config =
      "[default]\n  role_arn = x\n  region = eu-west-1\n\toutput = json\n [profile app]\n  region = y\n";
    expect(withoutDefaultCredentials(config)).toBe(
      "[default]\n  region = eu-west-1\n\toutput = json\n [profile app]\n  region = y\n",
    );
  });

  it("leaves out the deeper lines, also after an empty one or one that looks like a section", () => {
    const config = "[default]\ncredential_process =\n\n  cmd\n  [x]\n  --secret\nregion = y\n";
    expect(withoutDefaultCredentials(config)).toBe("[default]\n\nregion = y\n");
  });

  it("leaves out deeper lines that the SDK for JavaScript takes for settings of their own", () => {
    const config =
      "[default]\nregion = y\n  aws_access_key_id = k\n  role_arn = x\n  z = 1\n[profile app]\na = b\n  role_arn = x\n";
    expect(withoutDefaultCredentials(config)).toBe(
      "[default]\nregion = y\n  z = 1\n[profile app]\na = b\n  role_arn = x\n",
    );
  });

  it("leaves out the deeper lines of a setting that it leaves out, and only those", () => {
    const config = "[default]\ncredential_process =\n  cmd --secret\ns3 =\n  max_concurrent_requests = 1\n";
    expect(withoutDefaultCredentials(config)).toBe("[default]\ns3 =\n  max_concurrent_requests = 1\n");
  });
});
