import { beforeEach, describe, expect, test } from "vitest";
import { TempHome } from "./temp-home.ts";

const roleArn = "arn:aws:iam::123456789012:role/Deploy";
const serial = "arn:aws:iam::123456789012:mfa/alice";
const mfaName = `mfa ${serial} with base`;

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
  home.write(
    ".aws/config",
    "[profile base]\nregion = eu-west-1\naws_access_key_id = x\naws_secret_access_key = y\n",
  );
});

const assume = (name: string, keys: string): string => `[roles.${name}]\nrole_arn = "${roleArn}"\n${keys}\n`;
const withMfa = `source_profile = "base"\nmfa_serial = "${serial}"`;

describe("mfa_serial", () => {
  test("of several roles with the same source is one session, that every one of them is assumed with", () => {
    home.config(assume("one", withMfa) + assume("two", withMfa));
    const { roles } = home.load();
    expect(roles.get("one")).toMatchObject({
      source: { type: "role", role: mfaName },
      endpointProfile: "base",
    });
    expect(roles.get("two")).toMatchObject({ source: { type: "role", role: mfaName } });
    expect(roles.get(mfaName)).toEqual({
      type: "session-token",
      name: mfaName,
      definedIn: "mfa_serial of one",
      source: { type: "profile", profile: "base" },
      mfaSerial: serial,
      askedAs: "one",
      durationSeconds: 43_200,
      region: "eu-west-1",
      endpointProfile: "base",
    });
  });

  test("of an AWS profile works alike", () => {
    home.write(
      ".aws/config",
      `[profile base]\naws_access_key_id = x\naws_secret_access_key = y\n[profile app]\nrole_arn = ${roleArn}\nsource_profile = base\nmfa_serial = ${serial}\n`,
    );
    const { roles } = home.load();
    expect(roles.get("app")).toMatchObject({ type: "assume-role", source: { type: "role", role: mfaName } });
    expect(roles.get(mfaName)).toMatchObject({ mfaSerial: serial, askedAs: "app" });
  });

  test("without role_arn is a role of its own: the user's session", () => {
    home.config(
      `[roles.me]\n${withMfa}\nmfa_process = "ykman oath accounts code -s aws"\nduration_seconds = 7200\n`,
    );
    expect(home.load().roles.get("me")).toMatchObject({
      type: "session-token",
      source: { type: "profile", profile: "base" },
      mfaProcess: "ykman oath accounts code -s aws",
      askedAs: "me",
      durationSeconds: 7200,
    });
  });

  test("of a role and of a table without role_arn is one session, that table's, wherever it stands", () => {
    home.config(`${assume("deploy", withMfa)}[roles.me]\n${withMfa}\nduration_seconds = 7200\n`);
    const { roles } = home.load();
    expect(roles.get("deploy")).toMatchObject({ source: { type: "role", role: "me" } });
    expect([...roles.keys()].filter((name) => name !== "base")).toEqual(["deploy", "me"]);
  });

  test("beside different credential sources is a session of each", () => {
    const from = (source: string): string => `credential_source = "${source}"\nmfa_serial = "${serial}"`;
    home.config(assume("one", from("Environment")) + assume("two", from("EcsContainer")));
    const { roles } = home.load();
    expect(roles.get(`mfa ${serial} with Environment`)).toMatchObject({ source: { from: "Environment" } });
    expect(roles.get(`mfa ${serial} with EcsContainer`)).toMatchObject({ source: { from: "EcsContainer" } });
  });

  test.each([
    [assume("x", `${withMfa}\nmfa_process = "a 'b"`), "roles.x.mfa_process: has a quote that is not closed"],
    [assume("x", 'source_profile = "base"\nmfa_process = "ykman"'), "roles.x.mfa_process: needs mfa_serial"],
    [assume("x", 'source_profile = "base"\nmfa_serial = "alice"'), "roles.x.mfa_serial: must be the ARN"],
    [
      assume("y", 'source_profile = "base"') + assume("x", `source_role = "y"\nmfa_serial = "${serial}"`),
      "roles.x.mfa_serial: AWS takes codes with long-term keys only, and the source is a role; put mfa_serial where the chain starts",
    ],
    [`[roles.x]\nmfa_serial = "${serial}"\n`, "roles.x: nothing says which credentials"],
    [`[roles.x]\n${withMfa}\nexternal_id = "abc"\n`, "roles.x.external_id: can't stand beside mfa_serial"],
  ])("is refused where it can't work: %j", (toml, problem) => {
    home.config(toml);
    expect(home.problem()).toContain(problem);
  });
});
