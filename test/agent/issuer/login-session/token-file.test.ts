import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LoginRole } from "../../../../packages/agent/src/core/role.ts";
import {
  readLoginToken,
  writeLoginToken,
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
    endpointProfile: "my me",
  };
}

function roleWith(content: unknown): LoginRole {
  const tokenFile = join(temporaryDirectory(), "login.json");
  writeFileSync(tokenFile, JSON.stringify(content), { mode: 0o644 });
  return roleOf(tokenFile);
}

function problemOf(role: LoginRole): unknown {
  try {
    return readLoginToken(role);
  } catch (error) {
    return error;
  }
}

describe("the file of a login", () => {
  it("is read with all that it has, and written for nobody else to read", () => {
    const role = roleWith({ ...login, idToken: "id", later: [1] });
    const token = readLoginToken(role);
    expect(token).toEqual({ ...login, idToken: "id", later: [1] });
    writeLoginToken(role, { ...token, refreshToken: "next" });
    expect(JSON.parse(readFileSync(role.tokenFile, "utf8"))).toEqual({ ...token, refreshToken: "next" });
    expect(statSync(role.tokenFile).mode & 0o777).toBe(0o600);
  });

  it.each(["accessToken", "clientId", "refreshToken", "dpopKey"])("is refused without %s", (key) => {
    expect(problemOf(roleWith({ ...login, [key]: undefined }))).toMatchObject({
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
  ])("is refused with a malformed %s", (key, value) => {
    const role = roleWith({ ...login, accessToken: { ...login.accessToken, [key]: value } });
    expect(problemOf(role)).toMatchObject({
      message: expect.stringMatching(new RegExp(`has no proper accessToken\\.${key}$`)),
    });
  });

  it.each([[null], [[]], ["text"], [7]])("is refused where it is %j", (content) => {
    expect(problemOf(roleWith(content))).toMatchObject({ code: "InvalidConfiguration" });
  });

  it("says so where it can't be replaced", () => {
    const file = join(temporaryDirectory(), "no-directory");
    writeFileSync(file, "");
    const write = (): void => writeLoginToken(roleOf(join(file, "login.json")), login);
    expect(write).toThrow(expect.objectContaining({ code: "InvalidConfiguration" }));
    expect(write).toThrow(/login\.json can't be written: E/);
  });
});
