import { describe, expect, test } from "vitest";
import { parseAwsProfiles } from "../../../packages/agent/src/config/aws-profiles.ts";
import type { AwsFile, AwsProfiles } from "../../../packages/agent/src/config/aws-profiles.ts";

function parse(config: string | Buffer, credentials: string | Buffer = ""): AwsProfiles {
  const file = (kind: AwsFile["kind"], text: string | Buffer): AwsFile => ({
    kind,
    path: kind,
    bytes: Buffer.from(text),
  });
  return parseAwsProfiles([file("config", config), file("credentials", credentials)]);
}

const settingsOf = (config: string, credentials?: string): object =>
  Object.fromEntries(
    [...parse(config, credentials).profiles.values()].map(({ name, settings }) => [name, settings]),
  );

describe("parseAwsProfiles", () => {
  test("reads both files, and lets the credentials file win", () => {
    const config = "[default]\nregion = eu-west-1\n[profile dev]\nrole_arn = a\nregion = eu-west-2\n";
    const credentials = "[dev]\nregion = us-east-1\n[other]\n";
    expect(settingsOf(config, credentials)).toEqual({
      default: { region: "eu-west-1" },
      dev: { role_arn: "a", region: "us-east-1" },
      other: {},
    });
  });

  test.each([
    ['[profile "with space"]', "with space"],
    ["[profile 'with space']", "with space"],
    ["[profile \t dev ]", "dev"],
    ["[ profile dev ] # comment", "dev"],
    ["[profile user@host:1/x.y+z%]", "user@host:1/x.y+z%"],
    ["[profile __proto__]", "__proto__"],
    ["[profile constructor]", "constructor"],
    ["[default]", "default"],
    ["[profile default]", "default"],
  ])("takes %s as the profile %s", (section, name) => {
    expect([...parse(`${section}\nregion = x\n`).profiles.keys()]).toEqual([name]);
    expect(parse(`${section}\nregion = x\n`).warnings).toEqual([]);
  });

  test.each([
    ["[sso-session corp]", "corp"],
    ['[sso-session "with space"]', "with space"],
  ])("takes %s as the session %s, apart from a profile of that name", (section, name) => {
    const text = `[profile corp]\nregion = x\n${section}\nsso_region = eu-west-1\nsso_unknown = y\n`;
    const { ssoSessions, warnings } = parse(text);
    expect(ssoSessions.get(name)?.settings).toEqual({ sso_region: "eu-west-1" });
    expect(settingsOf(text)).toEqual({ corp: { region: "x" } });
    expect(warnings).toEqual([]);
  });

  test("says which section of a session is broken", () => {
    expect(parse("[sso-session]\n[sso-session a b]\n").warnings).toEqual([
      expect.stringContaining("isn't [sso-session NAME]"),
    ]);
    expect(parse("[sso-session a]\nnonsense\n").warnings).toEqual([
      expect.stringContaining('sso-session "a"'),
    ]);
  });

  test.each(["[sso-session corp]", "[services local]", "[plugins]", "[dev]", "[profilex]", "[profile]"])(
    "takes %s as no profile of the config file, and its settings for nobody's",
    (section) => {
      expect(settingsOf(`[profile a]\n${section}\nregion = x\n`)).toEqual({ a: {} });
    },
  );

  test.each(["\n", "\r\n"])(
    "reads comments, white space and cases as the AWS CLI does, lines ended by %j",
    (end) => {
      const lines = [
        "# [profile no]",
        "; region = no",
        "  [profile dev]",
        "  # region = no",
        "  Role_ARN=arn",
        "  SOURCE_PROFILE : base",
        "",
        "  external_id =  a = b:c#d;e  # comment",
        "  region =",
        "  duration_seconds = 900 ; comment",
      ];
      expect(settingsOf(lines.join(end))).toEqual({
        dev: { role_arn: "arn", source_profile: "base", external_id: "a = b:c#d;e", duration_seconds: "900" },
      });
    },
  );

  test("doesn't mind a byte order mark, or a missing newline at the end", () => {
    expect(settingsOf("\uFEFF[profile dev]\nregion = x")).toEqual({ dev: { region: "x" } });
  });

  test("takes nested settings for a part of the one above", () => {
    const config = "[profile dev]\ns3 =\n  region = no\n  role_arn = no\nregion = yes\n";
    expect(settingsOf(config)).toEqual({ dev: { region: "yes" } });
    expect(parse(config).warnings).toEqual([]);
  });

  test.each([
    [
      "[profile dev]\nregion = x\nrubbish\n",
      'config:3: profile "dev": is no setting: it must be NAME = VALUE',
    ],
    ["[profile dev]\n= x\n", 'config:2: profile "dev": is no setting: it must be NAME = VALUE'],
    [
      "[profile dev]\nregion = x\n  role_arn = y\n",
      'config:3: profile "dev": is indented deeper than the setting above, and so a part of it',
    ],
    ["[profile dev]\nregion = a\u0007b\n", 'config:2: profile "dev": has control characters in region'],
    [
      "[profile dev]\n[profile dev]\n",
      'config:2: profile "dev": is there twice, which the AWS CLI refuses; later settings win',
    ],
    [
      "[profile dev]\n[profile two words]\n",
      "config:2: isn't [profile NAME]; a name with spaces needs quotes",
    ],
    ["[profile dev]\n[profile x\n", "config:2: isn't a section: it must be a name in [ ]"],
    ["[profile dev]\n[profile \u001b[31m]\n", "config:2: has control characters in its name"],
    ['[profile dev]\n[profile "profile x"]\n', "config:2: is no profile of this file; write [x]"],
  ])("warns of a broken line and reads on: %j", (config, warning) => {
    const { profiles, warnings } = parse(`${config}[profile last]\nregion = x\n`);
    expect([...profiles.keys()]).toEqual(["dev", "last"]);
    expect(profiles.get("last")?.settings).toEqual({ region: "x" });
    expect(warnings).toEqual([warning]);
  });

  test.each(['profile "dev', 'profile "a" b', "profile 'a\""])(
    "warns of a section without a name: [%s]",
    (section) => {
      const { profiles, warnings } = parse(`[${section}]\nregion = x\n`);
      expect(profiles.size).toBe(0);
      expect(warnings).toEqual(["config:1: isn't [profile NAME]; a name with spaces needs quotes"]);
    },
  );

  test("is linear in lines of a million spaces", () => {
    const spaces = " ".repeat(1_000_000);
    const config = `[profile a]\nregion = x${spaces}y\n[${spaces}\n[profile${spaces}"\n[${spaces}]${spaces}x\n`;
    expect([...parse(config).profiles.keys()]).toEqual(["a"]);
  });

  test("warns of a section of the credentials file that is written as in the config file", () => {
    expect(parse("", "[profile dev]\nregion = x\n").warnings).toEqual([
      "credentials:1: is no profile of this file; write [dev]",
    ]);
  });

  test("warns once for each profile, however broken", () => {
    expect(parse(`[profile dev]\n${"rubbish\n".repeat(1000)}`).warnings).toHaveLength(1);
  });

  test("takes no empty key for one, as the issuer doesn't", () => {
    const keys = "aws_access_key_id =\naws_secret_access_key = \n";
    expect(parse(`[profile dev]\n${keys}`).profiles.get("dev")?.hasStaticKeys).toBe(false);
  });

  test.each(["aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "AWS_Secret_Access_Key=x"])(
    "knows by %j that a profile has keys",
    (line) => {
      expect(parse("[profile dev]\n", `[dev]\n${line}\n`).profiles.get("dev")?.hasStaticKeys).toBe(true);
      expect(parse(`[profile dev]\n${line}\n`).profiles.get("dev")?.hasStaticKeys).toBe(true);
      expect(parse(`[profile dev]\ns3 =\n ${line}\n`).profiles.get("dev")?.hasStaticKeys).toBe(false);
    },
  );

  test("turns no key into text, not even from broken lines", () => {
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const token = `${"FwoGZXIvYXdzEXAMPLETOKEN".repeat(20)}==`;
    const credentials = [
      "[dev]",
      "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
      `aws_secret_access_key = ${secret}`,
      `aws_session_token = ${token.slice(0, 300)}`,
      token.slice(300),
      secret,
      `  ${secret}`,
      `x_${secret}=1`,
    ];
    const file = Buffer.from(credentials.join("\n"));
    const decoded: string[] = [];
    const toString = file.toString.bind(file);
    file.toString = (...range) => {
      const text = toString(...range);
      decoded.push(text);
      return text;
    };
    const result = parseAwsProfiles([{ kind: "credentials", path: "credentials", bytes: file }]);
    expect(decoded).toEqual(["[dev]", "aws_access_key_id", "aws_secret_access_key", "aws_session_token"]);
    expect(result.profiles.get("dev")).toEqual({
      name: "dev",
      hasStaticKeys: true,
      hasKeysInCredentials: true,
      settings: {},
    });
    expect(JSON.stringify(result.warnings)).not.toMatch(/wJalr|Fwo|AKIA/);
  });

  test("reads 100,000 profiles in a few seconds at most", () => {
    const profile = (index: number): string =>
      `[profile p${index}]\nrole_arn = arn:aws:iam::123456789012:role/r${index}\nsource_profile = base\nregion = eu-west-1\n\n`;
    const config = Buffer.from(Array.from({ length: 100_000 }, (_, index) => profile(index)).join(""));
    const start = performance.now();
    expect(parse(config).profiles.size).toBe(100_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
