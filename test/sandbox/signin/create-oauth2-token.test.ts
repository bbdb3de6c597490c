import { createHash } from "node:crypto";
import { CreateRoleCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { decodeJwt } from "jose";
import { frozenClock, HOME, iam, refusal, sandboxForTest, sts, trust } from "../support.ts";
import { newKey, post, proofFor, refresh, sameDevice, type ProofChanges } from "./signin-client.ts";

const denied = (status: number, error: string): object => ({
  status,
  type: "AccessDeniedException",
  body: { error, message: expect.any(String) },
});
const invalid = (message: RegExp): object => ({
  status: 400,
  type: "ValidationException",
  body: { error: "INVALID_REQUEST", message: expect.stringMatching(message) },
});

describe("a login", () => {
  it("has keys of the user who signed in, which may call IAM", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken, idToken } = await sandbox.signIn();
    const arn = `arn:aws:iam::${HOME}:user/Administrator`;
    expect(await sts(sandbox, accessToken).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: arn,
    });
    expect((await iam(sandbox, accessToken).send(new ListRolesCommand({}))).Roles).toEqual([]);
    expect(decodeJwt(idToken)).toMatchObject({ sub: arn, aud: sameDevice });
  });

  it("has keys of a role's session", async () => {
    const sandbox = await sandboxForTest();
    const AssumeRolePolicyDocument = trust({ AWS: `arn:aws:iam::${HOME}:root` });
    await iam(sandbox).send(new CreateRoleCommand({ RoleName: "Admin", AssumeRolePolicyDocument }));
    const arn = `arn:aws:sts::${HOME}:assumed-role/Admin/alice`;
    const { accessToken } = await sandbox.signIn(arn);
    expect(await sts(sandbox, accessToken).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: arn,
    });
  });

  it.each(["arn:aws:iam::111122223333:user/Nobody", "arn:aws:iam::111122223333:root", "x"])(
    "is not had as %s, whom nobody knows",
    async (arn) => {
      const sandbox = await sandboxForTest();
      await expect(sandbox.signIn(arn)).rejects.toThrow(RangeError);
    },
  );

  it("is renewed with new keys and another refresh token each time", async () => {
    const sandbox = await sandboxForTest();
    const login = await sandbox.signIn();
    const first = await refresh(sandbox, login);
    expect(first).toMatchObject({ status: 200, body: { tokenType: "aws_sigv4", expiresIn: 900 } });
    const second = await refresh(sandbox, { ...login, refreshToken: String(first.body["refreshToken"]) });
    const bodies = [login, first.body, second.body];
    expect(new Set(bodies.map(({ refreshToken }) => refreshToken)).size).toBe(3);
    expect(new Set(bodies.map(({ accessToken }) => JSON.stringify(accessToken))).size).toBe(3);
  });

  it("gives the same again for the refresh token before, until those keys end", async () => {
    const sandbox = await sandboxForTest();
    const login = await sandbox.signIn();
    const first = await refresh(sandbox, login);
    sandbox.clock.advance(60_000);
    expect((await refresh(sandbox, login)).body).toEqual({ ...first.body, expiresIn: expect.any(Number) });
    sandbox.clock.advance(900_000);
    expect(await refresh(sandbox, login)).toMatchObject(denied(401, "TOKEN_EXPIRED"));
  });

  it("doesn't know a refresh token that was replaced twice", async () => {
    const sandbox = await sandboxForTest();
    const login = await sandbox.signIn();
    const { body } = await refresh(sandbox, login);
    await refresh(sandbox, { ...login, refreshToken: String(body["refreshToken"]) });
    expect(await refresh(sandbox, login)).toMatchObject(invalid(/refresh token is invalid/));
  });

  it("ends after twelve hours, and its last keys with it", async () => {
    const sandbox = await sandboxForTest();
    const login = await sandbox.signIn();
    sandbox.clock.advance(12 * 3_600_000 - 100_000);
    const last = await refresh(sandbox, login);
    expect(last.body["expiresIn"]).toBeLessThanOrEqual(100);
    sandbox.clock.advance(100_000);
    expect(
      await refresh(sandbox, { ...login, refreshToken: String(last.body["refreshToken"]) }),
    ).toMatchObject(denied(401, "TOKEN_EXPIRED"));
  });

  it("ends when the user's credentials change, or another user gets the name", async () => {
    const sandbox = await sandboxForTest();
    const [mine, other] = [await sandbox.signIn(), await sandbox.signIn()];
    const [first] = Object.values(sandbox.state.logins);
    if (first !== undefined) first.credentialsChanged = true;
    expect(await refresh(sandbox, mine)).toMatchObject(denied(403, "USER_CREDENTIALS_CHANGED"));
    const user = sandbox.state.accounts[HOME]?.users["Administrator"];
    if (user !== undefined) user.userId = "AIDAIOSFODNN7EXAMPLE1";
    expect(await refresh(sandbox, other)).toMatchObject(denied(403, "USER_CREDENTIALS_CHANGED"));
  });

  it("is renewed only as the user's policies allow: SignInLocalDevelopmentAccess is enough", async () => {
    const sandbox = await sandboxForTest();
    const login = await sandbox.signIn();
    const user = sandbox.state.accounts[HOME]?.users["Administrator"];
    if (user === undefined) throw new Error("no administrator");
    user.attachedPolicies = ["arn:aws:iam::aws:policy/IAMFullAccess"];
    expect(await refresh(sandbox, login)).toMatchObject(denied(403, "INSUFFICIENT_PERMISSIONS"));
    user.attachedPolicies = ["arn:aws:iam::aws:policy/SignInLocalDevelopmentAccess"];
    expect(await refresh(sandbox, login)).toMatchObject({ status: 200 });
  });
});

describe("a renewal is refused", () => {
  it.each<readonly [string, object, RegExp]>([
    ["no grant type", { grantType: undefined }, /grantType must be/],
    ["an unknown client", { clientId: "arn:aws:signin:::console/x" }, /clientId is missing or malformed/],
    ["another client", { clientId: "arn:aws:signin:::devtools/cross-device" }, /another client's/],
    ["no refresh token", { refreshToken: "" }, /refreshToken is missing or malformed/],
    ["an unknown refresh token", { refreshToken: "unknown.token" }, /refresh token is invalid/],
  ])("with %s", async (_name, changes, message) => {
    const sandbox = await sandboxForTest();
    expect(await refresh(sandbox, await sandbox.signIn(), changes)).toMatchObject(invalid(message));
  });

  it.each<readonly [string, ProofChanges, RegExp]>([
    ["of another method", { claims: { htm: "GET" } }, /htm/],
    ["for another URL", { claims: { htu: "https://signin.example.com/v1/token" } }, /htu/],
    ["that is old", { age: 302 }, /iat/],
    ["from the future", { age: -302 }, /iat/],
    ["without a jti", { claims: { jti: undefined } }, /no jti/],
    ["of another type", { header: { typ: "JWT" } }, /typ dpop\+jwt/],
    ["that another key has signed", { key: newKey() }, /signed with ES256 by the key/],
  ])("with a DPoP proof %s", async (_name, changes, message) => {
    const sandbox = await sandboxForTest(frozenClock());
    expect(await refresh(sandbox, await sandbox.signIn(), {}, changes)).toMatchObject(invalid(message));
  });

  it("with a DPoP proof of another key than the login's, without one, and with one used before", async () => {
    const sandbox = await sandboxForTest();
    const { clientId, refreshToken } = await sandbox.signIn();
    const input = { clientId, grantType: "refresh_token", refreshToken };
    const proof = await proofFor(sandbox, newKey());
    expect(await post(sandbox, input, proof)).toMatchObject(invalid(/bound to another key/));
    expect(await post(sandbox, input, proof)).toMatchObject(invalid(/used before/));
    expect(await post(sandbox, input)).toMatchObject(invalid(/DPoP header is missing/));
  });

  it("with a fault, as AWS would answer", async () => {
    const sandbox = await sandboxForTest();
    const login = await sandbox.signIn();
    sandbox.fault("CreateOAuth2Token", { kind: "status", status: 500, code: "InternalServerException" });
    expect(await refresh(sandbox, login)).toMatchObject({ status: 500, type: "InternalServerException" });
    sandbox.fault("CreateOAuth2Token", { kind: "status", status: 429, code: "TooManyRequestsError" });
    expect(await refresh(sandbox, login)).toMatchObject({ status: 429, type: "TooManyRequestsError" });
  });
});

describe("an authorization code", () => {
  const verifier = "a-verifier-of-at-least-43-characters-0123456789";
  const redirectUri = "http://127.0.0.1:4711/oauth/callback";
  const query = {
    response_type: "code",
    client_id: sameDevice,
    state: "s1",
    code_challenge_method: "SHA-256",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    scope: "openid",
    redirect_uri: redirectUri,
  };

  async function authorize(url: string, changes: object = {}): Promise<Response> {
    const parameters = new URLSearchParams({ ...query, ...changes }).toString();
    return fetch(`${url}/v1/authorize?${parameters}`, { redirect: "manual" });
  }

  async function codeOf(url: string): Promise<string> {
    const location = new URL((await authorize(url)).headers.get("location") ?? "");
    expect(location.searchParams.get("state")).toBe("s1");
    return location.searchParams.get("code") ?? "";
  }

  const grant = (code: string): object => ({
    clientId: sameDevice,
    grantType: "authorization_code",
    code,
    codeVerifier: verifier,
    redirectUri,
  });

  it("brings a login of the administrator, once", async () => {
    const sandbox = await sandboxForTest();
    const key = newKey();
    const input = grant(await codeOf(sandbox.url));
    const { status, body } = await post(sandbox, input, await proofFor(sandbox, key));
    expect(status).toBe(200);
    expect(decodeJwt(String(body["idToken"]))).toMatchObject({
      sub: `arn:aws:iam::${HOME}:user/Administrator`,
    });
    const renewal = { clientId: sameDevice, grantType: "refresh_token", refreshToken: body["refreshToken"] };
    expect(await post(sandbox, renewal, await proofFor(sandbox, key))).toMatchObject({ status: 200 });
    expect(await post(sandbox, input, await proofFor(sandbox, key))).toMatchObject(
      denied(401, "AUTHCODE_EXPIRED"),
    );
  });

  it("is no good after five minutes", async () => {
    const sandbox = await sandboxForTest();
    const code = await codeOf(sandbox.url);
    sandbox.clock.advance(300_000);
    expect(await post(sandbox, grant(code), await proofFor(sandbox, newKey()))).toMatchObject(
      denied(401, "AUTHCODE_EXPIRED"),
    );
  });

  it.each<readonly [string, object, RegExp]>([
    ["another verifier", { codeVerifier: verifier.toUpperCase() }, /does not fit/],
    ["another redirection", { redirectUri: "http://127.0.0.1:1/oauth/callback" }, /redirectUri/],
    ["another client", { clientId: "arn:aws:signin:::devtools/cross-device" }, /another client's/],
  ])("is refused with %s", async (_name, changes, message) => {
    const sandbox = await sandboxForTest();
    const input = { ...grant(await codeOf(sandbox.url)), ...changes };
    expect(await post(sandbox, input, await proofFor(sandbox, newKey()))).toMatchObject(invalid(message));
  });

  it.each([
    { response_type: "token" },
    { client_id: "x" },
    { code_challenge_method: "plain" },
    { code_challenge: "short" },
    { redirect_uri: "https://example.com/oauth/callback" },
  ])("isn't given for %o", async (changes) => {
    const sandbox = await sandboxForTest();
    expect((await authorize(sandbox.url, changes)).status).toBe(400);
  });
});

it("keys of a deleted user are no good", async () => {
  const sandbox = await sandboxForTest();
  const { accessToken } = await sandbox.signIn();
  delete sandbox.state.accounts[HOME]?.users["Administrator"];
  expect(await refusal(sts(sandbox, accessToken).send(new GetCallerIdentityCommand({})))).toMatchObject({
    code: "InvalidClientTokenId",
  });
});
