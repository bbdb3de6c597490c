import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { TempHome } from "./temp-home.ts";

const keys: Readonly<Record<string, string>> = {
  role_arn: "arn:aws:iam::123456789012:role/Server",
  trust_anchor_arn: "arn:aws:rolesanywhere:eu-west-1:123456789012:trust-anchor/6f6f8a2e-0000",
  profile_arn: "arn:aws:rolesanywhere:eu-west-1:123456789012:profile/1b1f8a2e-0000",
  certificate: "pki/server.pem",
  private_key: "~/keys/server.key",
};

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
});

function table(changed: Readonly<Record<string, string | undefined>> = {}, more = ""): string {
  const lines = Object.entries({ ...keys, ...changed }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} = "${value}"`],
  );
  return ["[roles.server]", ...lines, more].join("\n");
}

/** The problem of a config.toml, without the file's name. */
function problem(toml: string): string {
  home.config(toml);
  return home.problem().replaceAll(".config/role-agent/config.toml:", "");
}

describe("a role of a certificate", () => {
  test("names its files by absolute paths, and leaves the rest to AWS", () => {
    home.config(table());
    expect(home.load().roles.get("server")).toEqual({
      type: "roles-anywhere",
      name: "server",
      definedIn: "config.toml [roles.server]",
      roleArn: keys["role_arn"],
      trustAnchorArn: keys["trust_anchor_arn"],
      profileArn: keys["profile_arn"],
      certificate: join(home.path, ".config/role-agent/pki/server.pem"),
      privateKey: join(home.path, "keys/server.key"),
      region: "eu-west-1",
    });
  });

  test("may say how long, under which name, where, and what opens the key", () => {
    const more = 'duration_seconds = 900\nrole_session_name = "{user}@{host}"\nregion = "eu-central-1"';
    home.config(table({ private_key_passphrase_file: "/run/secrets/passphrase" }, more));
    expect(home.load().roles.get("server")).toMatchObject({
      passphraseFile: "/run/secrets/passphrase",
      durationSeconds: 900,
      roleSessionName: "alice@laptop",
      region: "eu-central-1",
    });
  });

  test.each(["role_arn", "trust_anchor_arn", "profile_arn", "certificate", "private_key"])(
    "is refused without %s",
    (key) => {
      expect(problem(table({ [key]: undefined }))).toContain(`roles.server: ${key} is missing`);
    },
  );

  test.each([
    [
      { trust_anchor_arn: keys["profile_arn"] },
      "trust_anchor_arn: must be an ARN such as arn:aws:rolesanywhere:",
    ],
    [{ profile_arn: keys["trust_anchor_arn"] }, "profile_arn: must be an ARN such as arn:aws:rolesanywhere:"],
    [{ certificate: "" }, "certificate: must be a name"],
    [
      { profile_arn: keys["profile_arn"]?.replace("eu-west-1", "us-east-1") },
      "profile_arn: is in another region than the trust anchor",
    ],
    [{ role_session_name: "a b" }, "role_session_name: may hold only letters"],
    [{ source_profile: "base" }, "source_profile: can't stand beside trust_anchor_arn"],
    [{ external_id: "team" }, "external_id: can't stand beside trust_anchor_arn"],
  ])("is refused with %j", (changed, text) => {
    expect(problem(table(changed))).toContain(`roles.server.${text}`);
  });
});
