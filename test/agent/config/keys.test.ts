import { beforeEach, describe, expect, test } from "vitest";
import { roleList } from "../../../packages/agent/src/status.ts";
import { problemsOf } from "./problems-of.ts";
import { TempHome } from "./temp-home.ts";

const arn = "arn:aws:iam::123456789012:role/Deploy";
const serial = "arn:aws:iam::123456789012:mfa/alice";
const deploy = `[roles.deploy]\nrole_arn = "${arn}"\nsource_key = "alice"\n`;

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
});

describe("source_key", () => {
  test("is a source of AssumeRole, in the store that [agent] names", () => {
    home.config(deploy);
    const { roles } = home.load();
    expect(roles.get("deploy")).toMatchObject({ source: { type: "key", name: "alice", store: "keychain" } });
    expect(roleList(roles.values()).roles).toMatchObject([{ name: "deploy", source: "key alice" }]);
    home.config(`[agent]\nkey_store = "file"\n${deploy}`);
    expect(home.load().roles.get("deploy")).toMatchObject({ source: { store: "file" } });
  });

  test("with mfa_serial is one session for all roles with the device and key", () => {
    const mfa = `mfa_serial = "${serial}"\n`;
    home.config(`${deploy}${mfa}${deploy.replace("deploy", "audit")}${mfa}`);
    const { roles } = home.load();
    const name = `mfa ${serial} with key alice`;
    expect(roles.get("deploy")).toMatchObject({ source: { type: "role", role: name } });
    expect(roles.get("audit")).toMatchObject({ source: { type: "role", role: name } });
    expect(roles.get(name)).toMatchObject({ type: "session-token", source: { type: "key", name: "alice" } });
  });

  test("without role_arn is the user's own session, with mfa_serial one with the device shown", () => {
    home.config(
      `[roles.me]\nsource_key = "alice"\nduration_seconds = 900\nregion = "eu-west-1"\n[roles.shown]\nsource_key = "alice"\nmfa_serial = "${serial}"\n`,
    );
    const { roles } = home.load();
    const source = { type: "key", name: "alice", store: "keychain" };
    expect(roles.get("me")).toMatchObject({ type: "key", source, durationSeconds: 900, region: "eu-west-1" });
    expect(roles.get("shown")).toMatchObject({ type: "session-token", source, mfaSerial: serial });
    expect(roleList(roles.values()).roles).toMatchObject([
      { type: "key", source: "key alice" },
      { type: "session-token", source: `key alice and ${serial}` },
    ]);
  });

  test.each([
    [`${deploy}source_profile = "base"\n`, "can't stand beside"],
    ['[roles.me]\nsource_key = "alice"\nexternal_id = "ab"\n', "external_id: can't stand beside source_key"],
    ['[roles.me]\nsource_key = "wJalr/XUtn"\n', "must be the name of a key"],
    ['[roles.me]\nsource_key = ""\n', "must be the name of a key"],
    ["[roles.me]\nsource_key = 7\n", "must be text in quotes"],
    ['[agent]\nkey_store = "memory"\n', 'must be "keychain" or "file"'],
  ])("is checked: %j", (toml, problem) => {
    expect(problemsOf(toml)).toContain(problem);
    expect(problemsOf(toml)).not.toContain("wJalr");
  });
});
