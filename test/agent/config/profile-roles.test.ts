import { describe, expect, test } from "vitest";
import type { Role } from "../../../packages/agent/src/core/role.ts";
import { TempHome } from "./temp-home.ts";

const ROLE = "role_arn = arn:aws:iam::123456789012:role/";
const KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = EXAMPLEKEY\n";

function rolesOf(config: string, credentials: string = "", toml: string = ""): ReadonlyMap<string, Role> {
  const home = new TempHome();
  home.write(".aws/config", config);
  home.write(".aws/credentials", credentials);
  if (toml !== "") home.config(toml);
  return home.load().roles;
}

function problemOf(config: string, name: string, credentials: string = ""): string | undefined {
  const role = rolesOf(config, credentials).get(name);
  return role?.type === "invalid" ? `${role.problem}; ${role.hint}` : role?.type;
}

describe("a profile without role_arn", () => {
  test.each(["", "credential_process = x\n", "sso_session = corp\n", KEYS])(
    "is a role of the SDK: %j",
    (settings) => {
      expect([...rolesOf(`[profile dev]\n${settings}region = eu-west-1\n`).values()]).toEqual([
        {
          type: "profile",
          name: "dev",
          definedIn: "profile dev",
          profile: "dev",
          durationSeconds: 3600,
          region: "eu-west-1",
        },
      ]);
    },
  );
});

describe("a profile with web_identity_token_file", () => {
  const web = `[profile web]\n${ROLE}Web\nweb_identity_token_file = /token\n`;

  test("is assumed with that token, for an hour whatever it says, as botocore does", () => {
    const settings = "role_session_name = me\nduration_seconds = 7200\nregion = eu-west-1\n";
    expect(rolesOf(web + settings).get("web")).toEqual({
      type: "web-identity",
      name: "web",
      definedIn: "profile web",
      roleArn: "arn:aws:iam::123456789012:role/Web",
      token: { type: "file", path: "/token" },
      roleSessionName: "me",
      durationSeconds: 3600,
      policyArns: [],
      region: "eu-west-1",
      endpointProfile: "web",
    });
  });

  test.each(["", KEYS, "source_profile = base\n"])("is so whatever else it has: %j", (settings) => {
    expect(rolesOf(web + settings).get("web")).toMatchObject({
      type: "web-identity",
      roleSessionName: "alice@laptop",
    });
  });

  test.each(["", KEYS])("is a role as a source profile too, with or without keys: %j", (settings) => {
    const config = `${web}${settings}[profile child]\n${ROLE}Child\nsource_profile = web\n`;
    expect(rolesOf(config).get("child")).toMatchObject({ source: { type: "role", role: "web" } });
  });

  test("needs role_arn", () => {
    expect(problemOf("[profile web]\nweb_identity_token_file = /token\n", "web")).toBe(
      "has web_identity_token_file, but no role_arn; add role_arn to [profile web]",
    );
  });
});

describe("a profile with role_arn", () => {
  test("is assumed with the keys of its source profile, under the name of the user and host", () => {
    expect(
      rolesOf(`[profile dev]\n${ROLE}Dev\nsource_profile = base\n`, `[base]\n${KEYS}`).get("dev"),
    ).toEqual({
      type: "assume-role",
      name: "dev",
      definedIn: "profile dev",
      roleArn: "arn:aws:iam::123456789012:role/Dev",
      source: { type: "profile", profile: "base" },
      roleSessionName: "alice@laptop",
      durationSeconds: 3600,
      policyArns: [],
      tags: {},
      transitiveTagKeys: [],
      endpointProfile: "dev",
    });
  });

  test("keeps its session name, external id, duration and region", () => {
    const settings =
      "role_session_name = me\nexternal_id = id-1\nduration_seconds = 7200\nregion = eu-west-1\n";
    const config = `[profile dev]\n${ROLE}Dev\nsource_profile = base\n${settings}[profile base]\n`;
    expect(rolesOf(config).get("dev")).toMatchObject({
      roleSessionName: "me",
      externalId: "id-1",
      durationSeconds: 7200,
      region: "eu-west-1",
    });
  });

  test.each(["Environment", "EcsContainer", "Ec2InstanceMetadata"])(
    "is assumed with what %s gives",
    (from) => {
      const config = `[profile dev]\n${ROLE}Dev\ncredential_source = ${from}\n`;
      expect(rolesOf(config).get("dev")).toMatchObject({ source: { type: "credential-source", from } });
    },
  );

  test("takes no notice of a duration that is no integer, as the AWS CLI", () => {
    const config = `[profile dev]\n${ROLE}Dev\nsource_profile = base\nduration_seconds = 1h\n[profile base]\n`;
    expect(rolesOf(config).get("dev")).toMatchObject({ durationSeconds: 3600 });
  });

  test("is assumed with the role of a source profile that has one", () => {
    const config = `[profile a]\n${ROLE}A\nsource_profile = b\n[profile b]\n${ROLE}B\nsource_profile = c\n[profile c]\n`;
    expect(rolesOf(config).get("a")).toMatchObject({ source: { type: "role", role: "b" } });
    expect(rolesOf(config).get("b")).toMatchObject({ source: { type: "profile", profile: "c" } });
  });

  test("is assumed with the keys of a source profile rather than that one's role", () => {
    const config = `[profile a]\n${ROLE}A\nsource_profile = b\n[profile b]\n${ROLE}B\nsource_profile = c\n${KEYS}[profile c]\n`;
    expect(rolesOf(config).get("a")).toMatchObject({ source: { type: "profile", profile: "b" } });
    expect(rolesOf(config).get("b")).toMatchObject({ source: { type: "profile", profile: "c" } });
  });

  test("may name itself as its source if it has keys", () => {
    const config = `[profile self]\n${ROLE}A\nsource_profile = self\n`;
    expect(rolesOf(config, `[self]\n${KEYS}`).get("self")).toMatchObject({
      type: "assume-role",
      source: { type: "profile", profile: "self" },
    });
    expect(problemOf(config, "self")).toContain("its source_profile leads back to it: self → self");
  });
});

describe("a profile that can't work", () => {
  const base = "[profile base]\n";

  test.each([
    ["", "has role_arn, but neither source_profile nor credential_source; add one of them to [profile dev]"],
    [
      "source_profile = base\ncredential_source = Environment",
      "has both source_profile and credential_source; keep one in [profile dev]",
    ],
    [
      "source_profile = bsae",
      'its source_profile "bsae" doesn\'t exist; correct source_profile in [profile dev]',
    ],
    [
      "credential_source = environment",
      'its credential_source isn\'t known; use "Environment", "EcsContainer" or "Ec2InstanceMetadata" in [profile dev]',
    ],
    [
      "source_profile = base\nmfa_serial = alice",
      "its mfa_serial must be the ARN of a virtual MFA device or the serial number of a hardware one, of 9 to 256 characters; correct mfa_serial in [profile dev]",
    ],
    [
      "source_profile = base\nduration_seconds = 899",
      "its duration_seconds must be a whole number of seconds from 900 to 43200 (15 minutes to 12 hours); correct duration_seconds in [profile dev]",
    ],
    [
      "source_profile = base\nexternal_id = x",
      "its external_id must have 2 to 1224 characters, only letters, digits and +=,.@:/_-; correct external_id in [profile dev]",
    ],
    [
      "source_profile = base\nrole_session_name = {user}",
      "its role_session_name must have 2 to 64 characters, only letters, digits and +=,.@_-; correct role_session_name in [profile dev]",
    ],
    [
      "source_profile = base\nregion = evil.example/",
      "its region must be the name of a region, such as eu-west-1; correct region in [profile dev]",
    ],
    [
      "source_profile = base\nrole_arn = nonsense",
      "its role_arn must start with arn:, as in arn:aws:iam::123456789012:role/Deploy; correct role_arn in [profile dev]",
    ],
  ])("says why, and stops no other: %j", (settings, problem) => {
    const config = `[profile dev]\n${ROLE}Dev\n${settings}\n${base}`;
    expect(problemOf(config, "dev")).toBe(problem);
    expect(problemOf(config, "base")).toBe("profile");
  });

  test("names the whole cycle of source profiles", () => {
    const chain = (name: string, source: string): string =>
      `[profile ${name}]\n${ROLE}X\nsource_profile = ${source}\n`;
    const config = chain("a", "b") + chain("b", "c") + chain("c", "a") + chain("x", "a");
    for (const name of ["a", "b", "c"]) {
      expect(problemOf(config, name)).toContain("its source_profile leads back to it: a → b → c → a");
    }
    expect(problemOf(config, "x")).toBe("assume-role");
  });

  test("is only the one with keys, where a cycle ends at its keys", () => {
    const chain = (name: string, source: string): string =>
      `[profile ${name}]\n${ROLE}X\nsource_profile = ${source}\n`;
    const config = chain("a", "b") + chain("b", "a");
    expect(problemOf(config, "a", `[b]\n${KEYS}`)).toBe("assume-role");
    expect(problemOf(config, "b", `[b]\n${KEYS}`)).toContain("leads back to it");
    expect(problemOf(config, "b", `[a]\n${KEYS}[b]\n${KEYS}`)).toBe("assume-role");
  });

  test("is found at the end of a chain of 20,000 without a deep stack", () => {
    const profile = (index: number): string =>
      `[profile p${index}]\n${ROLE}R\nsource_profile = p${(index + 1) % 20_000}\n`;
    const config = Array.from({ length: 20_000 }, (_, index) => profile(index)).join("");
    expect(problemOf(config, "p19999")).toMatch(/leads back to it: p0 → p1 → .* → … → p0/);
  });
});

describe("a profile of the same name as a role of config.toml", () => {
  const config = `[profile top]\n${ROLE}Top\nsource_profile = deploy\n[profile deploy]\n${ROLE}Profile\nsource_profile = base\n[profile base]\n`;
  const toml = '[roles.deploy]\nrole_arn = "arn:aws:iam::444455556666:role/Toml"\nsource_profile = "base"\n';

  test("gives way to it, but stays there for the chains that need it", () => {
    const roles = rolesOf(config, "", toml);
    expect([...roles.keys()]).toEqual(["deploy", "top", "base", "profile deploy"]);
    expect(roles.get("deploy")).toMatchObject({ roleArn: "arn:aws:iam::444455556666:role/Toml" });
    expect(roles.get("top")).toMatchObject({ source: { type: "role", role: "profile deploy" } });
    expect(roles.get("profile deploy")).toMatchObject({
      name: "profile deploy",
      definedIn: "profile deploy",
      roleArn: "arn:aws:iam::123456789012:role/Profile",
    });
  });

  test("isn't there where no chain needs it", () => {
    expect([...rolesOf("[profile deploy]\n[profile base]\n", "", toml).keys()]).toEqual(["deploy", "base"]);
  });
});
