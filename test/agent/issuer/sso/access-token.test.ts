import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox, type Sandbox } from "@role-agent/sandbox";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { SsoRole } from "../../../../packages/agent/src/core/role.ts";
import { renewalsEnded } from "../../../../packages/agent/src/issuer/child/renewals.ts";
import type { IssuedSession } from "../../../../packages/agent/src/core/session.ts";
import { ssoSession } from "../../../../packages/agent/src/issuer/child/sources/sso.ts";
import { accessToken } from "../../../../packages/agent/src/issuer/child/sso/access-token.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

let sandbox: Sandbox;
let directory: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  onTestFinished(() => sandbox.stop());
  directory = temporaryDirectory();
  vi.stubEnv("AWS_ENDPOINT_URL", sandbox.url);
  vi.stubEnv("AWS_CONFIG_FILE", join(directory, "no-config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(directory, "no-credentials"));
  const { clients, refreshTokens } = sandbox.state.identityCenter;
  const ends = Date.now() + 3_600_000;
  const all = { scopes: ["sso:account:access"], grantTypes: [], redirectUris: [], secretExpiresAt: ends };
  clients["client"] = { clientSecret: "client-secret", clientName: "test", ...all };
  refreshTokens["first-refresh"] = { clientId: "client", signInId: "sign-in", sessionEndsAt: ends };
  return () => vi.unstubAllEnvs();
});

/** A role whose token, named `first` unless said otherwise, has so many minutes left. */
function roleWith(minutes: number, fileName: string = "token.json"): SsoRole {
  const { startUrl, region: ssoRegion } = sandbox.state.identityCenter;
  const tokenFile = join(directory, "cache", fileName);
  mkdirSync(dirname(tokenFile), { recursive: true });
  putToken(tokenFile, "first", minutes);
  const signIn = { startUrl, ssoRegion, sessionName: "corp", scopes: ["sso:account:access"], tokenFile };
  const permissionSet = { accountId: "111122223333", ssoRoleName: "ReadOnly" };
  return { type: "sso", name: "reader", definedIn: "test", ...permissionSet, ...signIn };
}

function putToken(tokenFile: string, name: string, minutes: number): void {
  const expiresAt = new Date(Date.now() + minutes * 60_000).toISOString();
  const client = { clientId: "client", clientSecret: "client-secret" };
  const token = { accessToken: `${name}-access`, refreshToken: `${name}-refresh`, expiresAt, ...client };
  writeFileSync(tokenFile, JSON.stringify(token), { mode: 0o600 });
}

function fileOf({ tokenFile }: SsoRole): Record<string, unknown> {
  return JSON.parse(readFileSync(tokenFile, "utf8"));
}

const tokenOf = async (role: SsoRole): Promise<string> => accessToken(role, AbortSignal.timeout(10_000));

function putAccessToken(name: string): void {
  const signIn = { clientId: "client", signInId: "sign-in", sessionEndsAt: Date.now() + 3_600_000 };
  const { accessTokens, region } = sandbox.state.identityCenter;
  accessTokens[`${name}-access`] = { ...signIn, region, expiresAt: signIn.sessionEndsAt };
}

async function sessionOf(role: SsoRole): Promise<IssuedSession> {
  return ssoSession(role, AbortSignal.timeout(10_000));
}

describe("the renewal of an access token", () => {
  // Root may write anywhere, but nobody has longer names than the file system.
  const unwritable = `${"x".repeat(240)}.json`;

  it("spends no refresh token where the next one can't be kept; the token is used to its end", async () => {
    expect(await tokenOf(roleWith(20, unwritable))).toBe("first-access");
    await expect(tokenOf(roleWith(-1, unwritable))).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining("can't be written: ENAMETOOLONG"),
      hint: expect.stringContaining("room on the disk"),
    });
    expect(sandbox.calls.count("CreateToken")).toBe(0);
  });

  it("is not waited for longer than four seconds while the token is good, and is kept all the same", async () => {
    sandbox.fault("CreateToken", { kind: "latency", ms: 4600 });
    const role = roleWith(20);
    const start = performance.now();
    expect(await tokenOf(role)).toBe("first-access");
    expect(performance.now() - start).toBeLessThan(4500);
    await renewalsEnded(3000);
    expect(Object.keys(sandbox.state.identityCenter.refreshTokens)).toEqual([fileOf(role)["refreshToken"]]);
  });

  it("goes on when a job gives up, and the next job has what it brings", async () => {
    sandbox.fault("CreateToken", { kind: "latency", ms: 500 }, { times: 1 });
    const role = roleWith(-1);
    await expect(accessToken(role, AbortSignal.timeout(100))).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: "sso-oidc:CreateToken of corp: no answer in time",
    });
    const token = await tokenOf(role);
    expect(token).toBe(fileOf(role)["accessToken"]);
    expect(sandbox.calls.count("CreateToken")).toBe(1);
  });

  it("leaves a sign-in alone that a person made in the meantime", async () => {
    sandbox.fault("CreateToken", { kind: "latency", ms: 300 });
    const role = roleWith(20);
    const token = tokenOf(role);
    await sleep(100);
    putToken(role.tokenFile, "persons", 60);
    expect(await token).toBe("persons-access");
    expect(fileOf(role)["refreshToken"]).toBe("persons-refresh");
  });

  it("is kept although the file can't be read when AWS has answered", async () => {
    sandbox.fault("CreateToken", { kind: "latency", ms: 300 });
    const role = roleWith(-1);
    const token = tokenOf(role);
    await sleep(100);
    rmSync(role.tokenFile);
    symlinkSync(role.tokenFile, role.tokenFile);
    expect(await token).toBe(fileOf(role)["accessToken"]);
    expect(Object.keys(sandbox.state.identityCenter.refreshTokens)).toEqual([fileOf(role)["refreshToken"]]);
  });

  it("does not bring back a sign-in that a person has ended in the meantime", async () => {
    sandbox.fault("CreateToken", { kind: "latency", ms: 300 });
    const role = roleWith(-1);
    const token = tokenOf(role);
    await sleep(100);
    rmSync(role.tokenFile);
    await expect(token).rejects.toMatchObject({ message: "nobody is signed in to corp" });
    expect(existsSync(role.tokenFile)).toBe(false);
  });

  it("that another program won is waited for until that has written what it got", async () => {
    sandbox.state.identityCenter.refreshTokens = {};
    const role = roleWith(-1);
    const token = tokenOf(role);
    await sleep(500);
    putToken(role.tokenFile, "rivals", 60);
    expect(await token).toBe("rivals-access");
  });

  it("begins with a token that another program is just writing", async () => {
    const role = roleWith(60);
    const whole = readFileSync(role.tokenFile, "utf8");
    writeFileSync(role.tokenFile, whole.slice(0, 40));
    const token = tokenOf(role);
    writeFileSync(role.tokenFile, whole);
    expect(await token).toBe("first-access");
  });
});

describe("an access token that the portal refuses", () => {
  it("is renewed once, and the session is had with its successor", async () => {
    const sessions = await Promise.all([roleWith(60), roleWith(60)].map(sessionOf));
    expect(sessions.map(({ accountId }) => accountId)).toEqual(["111122223333", "111122223333"]);
    expect(sandbox.calls.count("CreateToken")).toBe(1);
  });

  it("gives way to one that a person has just signed in for", async () => {
    const role = roleWith(60);
    putAccessToken("persons");
    sandbox.fault("GetRoleCredentials", { kind: "latency", ms: 300 }, { times: 1 });
    const session = sessionOf(role);
    await sleep(100);
    putToken(role.tokenFile, "persons", 60);
    expect(await session).toMatchObject({ accountId: "111122223333" });
    expect(sandbox.calls.count("CreateToken")).toBe(0);
  });

  it("has a person sign in where its successor is refused, too, or there is none", async () => {
    const code = "UnauthorizedException";
    sandbox.fault("GetRoleCredentials", { kind: "status", status: 401, code });
    const refused = { code: "LoginRequired", message: expect.stringContaining("no longer accepts") };
    const role = roleWith(60);
    await expect(sessionOf(role)).rejects.toMatchObject(refused);
    expect(sandbox.calls.count("CreateToken")).toBe(1);
    const { refreshToken: _gone, ...token } = fileOf(role);
    writeFileSync(role.tokenFile, JSON.stringify(token));
    await expect(sessionOf(role)).rejects.toMatchObject(refused);
    expect(sandbox.calls.count("CreateToken")).toBe(1);
  });
});
