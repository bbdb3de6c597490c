import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { createOidcIssuer } from "@role-agent/sandbox";
import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import {
  assumeWithToken,
  AUDIENCE,
  ciRole,
  registerIssuer,
  SUBJECT,
  trustIssuer,
} from "../oidc/web-identity.ts";
import { frozenClock, HOME, iam, keysOf, refusal, roleArn, sandboxForTest, sts } from "../support.ts";

const claims = { sub: SUBJECT, aud: AUDIENCE };

describe("AssumeRoleWithWebIdentity", () => {
  test.each(["RS256", "ES256"] as const)(
    "gives a session for a token signed by %s, unsigned",
    async (algorithm) => {
      const { clock, expiration } = frozenClock();
      const sandbox = await sandboxForTest({ clock });
      const issuer = await ciRole(sandbox, undefined, { algorithm });
      const answer = await assumeWithToken(sandbox, await issuer.sign(claims), { DurationSeconds: 900 });
      expect(answer).toMatchObject({
        SubjectFromWebIdentityToken: SUBJECT,
        Audience: AUDIENCE,
        Provider: issuer.url,
        AssumedRoleUser: { Arn: `arn:aws:sts::${HOME}:assumed-role/Ci/build-1` },
        Credentials: { Expiration: expiration(900) },
      });
      const identity = await sts(sandbox, keysOf(answer.Credentials)).send(new GetCallerIdentityCommand());
      expect(identity.Arn).toBe(`arn:aws:sts::${HOME}:assumed-role/Ci/build-1`);
      expect(
        sandbox.calls.entries.find(({ action }) => action === "AssumeRoleWithWebIdentity"),
      ).toMatchObject({
        outcome: "ok",
        callerArn: undefined,
      });
    },
  );

  test.each([
    ["expired", { exp: 1 }, "ExpiredTokenException", /must be before the expiration date\/time 1$/],
    ["not yet valid", { nbf: 9_999_999_999 }, "InvalidIdentityToken", /nbf/],
    ["issued in the future", { iat: 9_999_999_999 }, "InvalidIdentityToken", /iat is in the future/],
    ["for another audience", { aud: "other" }, "InvalidIdentityToken", /^Incorrect token audience$/],
    ["for another client", { azp: "other" }, "InvalidIdentityToken", /^Incorrect token audience$/],
    [
      "of another issuer",
      { iss: "https://other.example.com" },
      "InvalidIdentityToken",
      /No OpenIDConnect provider/,
    ],
    ["without end", { exp: undefined }, "InvalidIdentityToken", /required claim: exp/],
    ["without issuer", { iss: undefined }, "InvalidIdentityToken", /required claim: iss/],
    ["without subject", { sub: undefined }, "InvalidIdentityToken", /required claim: sub/],
    ["with session tags", { "https://aws.amazon.com/tags": {} }, "InvalidIdentityToken", /no session tags/],
  ])("refuses a token that is %s", async (_, change, code, message) => {
    const sandbox = await sandboxForTest();
    const issuer = await ciRole(sandbox);
    const token = await issuer.sign({ ...claims, ...change });
    expect(await refusal(assumeWithToken(sandbox, token))).toEqual({
      code,
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  test("refuses a token that the issuer hasn't signed", async () => {
    const sandbox = await sandboxForTest();
    const issuer = await ciRole(sandbox);
    const [header, , signature] = (await issuer.sign(claims)).split(".");
    const [, forged] = (await issuer.sign({ ...claims, sub: "repo:mallory/repo" })).split(".");
    const stranger = await createOidcIssuer({ url: issuer.url });
    const secret = new SignJWT({ ...claims, iss: issuer.url }).setProtectedHeader({ alg: "HS256" });
    const refused = [
      [`${header}.${forged}.${signature}`, /signature is invalid/],
      [await stranger.sign(claims), /verification key/],
      [new UnsecuredJWT({ ...claims, iss: issuer.url }).encode(), /not a valid JWT|algorithm/],
      [await secret.sign(Buffer.from("an HMAC key that is long enough for it")), /algorithm/],
      ["opaque-access-token", /not a valid JWT/],
    ] as const;
    for (const [token, message] of refused) {
      expect(await refusal(assumeWithToken(sandbox, token))).toMatchObject({
        code: "InvalidIdentityToken",
        message: expect.stringMatching(message),
      });
    }
  });

  test("takes azp for the audience where a token has one, as AWS does", async () => {
    const sandbox = await sandboxForTest();
    const issuer = await ciRole(sandbox, { StringEquals: { "issuer.example.com:aud": AUDIENCE } });
    const token = await issuer.sign({ ...claims, aud: ["an-api", "another"], azp: AUDIENCE });
    expect((await assumeWithToken(sandbox, token)).Audience).toBe(AUDIENCE);
  });

  test("looks for the provider in the role's account alone", async () => {
    const sandbox = await sandboxForTest();
    const issuer = await ciRole(sandbox);
    const RoleArn = "arn:aws:iam::444455556666:role/Ci";
    expect(await refusal(assumeWithToken(sandbox, await issuer.sign(claims), { RoleArn }))).toMatchObject({
      code: "InvalidIdentityToken",
      message: `No OpenIDConnect provider found in your account for ${issuer.url}`,
    });
  });

  test.each([
    [{ StringEquals: { "issuer.example.com:sub": SUBJECT, "issuer.example.com:aud": AUDIENCE } }, "ok"],
    [{ StringLike: { "issuer.example.com:sub": "repo:octo-org/*" } }, "ok"],
    [{ "ForAnyValue:StringEquals": { "issuer.example.com:amr": "mfa" } }, "ok"],
    [{ StringEquals: { "sts:RoleSessionName": "build-1" } }, "ok"],
    [
      { StringEquals: { "issuer.example.com:sub": "repo:mallory/repo" } },
      "StringEquals issuer.example.com:sub",
    ],
    [{ "ForAnyValue:StringEquals": { "issuer.example.com:amr": "hwk" } }, "issuer.example.com:amr"],
    [
      { StringEquals: { "issuer.example.com:repository": "octo-org/octo-repo" } },
      "issuer.example.com:repository",
    ],
  ])("asks the trust policy's conditions: %j", async (conditions, outcome) => {
    const sandbox = await sandboxForTest();
    const issuer = await ciRole(sandbox, conditions);
    const token = await issuer.sign({ ...claims, amr: ["pwd", "mfa"], repository: "octo-org/octo-repo" });
    const call = assumeWithToken(sandbox, token);
    if (outcome === "ok") await expect(call).resolves.toMatchObject({ Audience: AUDIENCE });
    else {
      expect(await refusal(call)).toEqual({
        code: "AccessDenied",
        status: 403,
        message: expect.stringContaining(outcome),
      });
    }
  });

  test("refuses a role that trusts another provider, or doesn't exist", async () => {
    const sandbox = await sandboxForTest();
    const issuer = await ciRole(sandbox);
    const other = await createOidcIssuer({ url: "https://other.example.com" });
    await registerIssuer(sandbox, other);
    expect(await refusal(assumeWithToken(sandbox, await other.sign(claims)))).toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("Principal does not name"),
    });
    const call = assumeWithToken(sandbox, await issuer.sign(claims), { RoleArn: roleArn("Nobody") });
    expect(await refusal(call)).toMatchObject({ code: "AccessDenied" });
  });

  test("knows Google without a provider, once its keys are given", async () => {
    const sandbox = await sandboxForTest();
    const google = await createOidcIssuer({ url: "https://accounts.google.com" });
    sandbox.state.builtInIssuers["accounts.google.com"] = google.jwks;
    const AssumeRolePolicyDocument = trustIssuer("accounts.google.com", {
      StringEquals: { "accounts.google.com:aud": "web", "accounts.google.com:oaud": "android" },
    });
    await iam(sandbox).send(new CreateRoleCommand({ RoleName: "Ci", AssumeRolePolicyDocument }));
    const token = await google.sign({ iss: "accounts.google.com", sub: "1", aud: "android", azp: "web" });
    expect(await assumeWithToken(sandbox, token)).toMatchObject({
      Provider: "accounts.google.com",
      Audience: "web",
    });
    const plain = await google.sign({ sub: "1", aud: "web" });
    expect((await refusal(assumeWithToken(sandbox, plain))).code).toBe("AccessDenied");
  });

  test("limits the session by policies, and its length by the role's", async () => {
    const sandbox = await sandboxForTest();
    const issuer = await ciRole(sandbox);
    const PolicyArns = [{ arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }];
    const { Credentials } = await assumeWithToken(sandbox, await issuer.sign(claims), { PolicyArns });
    expect(sandbox.state.sessions[Credentials?.AccessKeyId ?? ""]).toMatchObject({
      policies: [{ name: "AmazonS3ReadOnlyAccess" }],
    });
    for (const more of [{ DurationSeconds: 7200 }, { RoleSessionName: "a b" }, { WebIdentityToken: "abc" }]) {
      const call = assumeWithToken(sandbox, await issuer.sign(claims), more);
      expect((await refusal(call)).code).toBe("ValidationError");
    }
  });

  test("gives what a fault says", async () => {
    const sandbox = await sandboxForTest();
    const issuer = await ciRole(sandbox);
    for (const code of ["IDPCommunicationError", "InvalidIdentityToken"]) {
      sandbox.fault("AssumeRoleWithWebIdentity", { kind: "status", status: 400, code }, { times: 1 });
      expect((await refusal(assumeWithToken(sandbox, await issuer.sign(claims)))).code).toBe(code);
    }
  });
});
