import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LoginRole } from "../../../../packages/agent/src/core/role.ts";
import {
  nextLoginToken,
  readLoginToken,
} from "../../../../packages/agent/src/issuer/child/login-session/token-file.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const login = {
  accessToken: {
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    sessionToken: "EXAMPLETOKEN",
    accountId: "012345678901",
    expiresAt: "3025-09-14T04:05:45Z",
  },
  clientId: "arn:aws:signin:::devtools/same-device",
  refreshToken: "refresh_token",
  dpopKey: "-----BEGIN EC PRIVATE KEY-----\n…",
};

function roleOf(tokenFile: string): LoginRole {
  const loginSession = "arn:aws:sts::012345678910:assumed-role/Admin/admin";
  return {
    type: "login",
    name: "me",
    definedIn: "profile me",
    loginSession,
    tokenFile,
    loginProfile: "my me",
  };
}

function roleWith(content: unknown): LoginRole {
  const tokenFile = join(temporaryDirectory(), "login.json");
  writeFileSync(tokenFile, JSON.stringify(content), { mode: 0o644 });
  return roleOf(tokenFile);
}

async function problemOf(role: LoginRole): Promise<unknown> {
  return readLoginToken(role).catch((error: unknown) => error);
}

describe("the file of a login", () => {
  it("is read with all that it has, and written for nobody else to read", async () => {
    const role = roleWith({ ...login, idToken: "id", later: [1] });
    const token = await readLoginToken(role);
    expect(token).toEqual({ ...login, idToken: "id", later: [1] });
    const next = nextLoginToken(role);
    next.put({ ...token, refreshToken: "next" });
    next.discard();
    expect(JSON.parse(readFileSync(role.tokenFile, "utf8"))).toEqual({ ...token, refreshToken: "next" });
    expect(statSync(role.tokenFile).mode & 0o777).toBe(0o600);
  });

  it.each(["accessToken", "clientId", "refreshToken", "dpopKey"])("is refused without %s", async (key) => {
    expect(await problemOf(roleWith({ ...login, [key]: undefined }))).toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringMatching(new RegExp(`has no proper ${key}$`)),
      hint: "remove it, and sign in again: aws login --profile 'my me'",
    });
  });

  it.each([
    ["accessKeyId", "not a key"],
    ["secretAccessKey", "line\nline"],
    ["sessionToken", ""],
    ["accountId", "12"],
    ["expiresAt", "soon"],
  ])("is refused with a malformed %s", async (key, value) => {
    const role = roleWith({ ...login, accessToken: { ...login.accessToken, [key]: value } });
    expect(await problemOf(role)).toMatchObject({
      message: expect.stringMatching(new RegExp(`has no proper accessToken\\.${key}$`)),
    });
  });

  it.each([[null], [[]], ["text"], [7]])("is refused where it is %j", async (content) => {
    expect(await problemOf(roleWith(content))).toMatchObject({ code: "InvalidConfiguration" });
  });

  it("says so where it can't be replaced", async () => {
    const file = join(temporaryDirectory(), "no-directory");
    writeFileSync(file, "");
    const begin = (): unknown => nextLoginToken(roleOf(join(file, "login.json")));
    expect(begin).toThrow(expect.objectContaining({ code: "InvalidConfiguration" }));
    expect(begin).toThrow(/login\.json can't be written: E/);
  });
});
