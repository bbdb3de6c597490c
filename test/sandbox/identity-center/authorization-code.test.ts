import { describe, expect, it } from "vitest";
import { frozenClock, refusal, sandboxForTest } from "../support.ts";
import {
  createToken,
  exchangeCode,
  redirected,
  refresh,
  register,
  signInForCode,
  visitAuthorize,
} from "./support.ts";

describe("the sign-in page", () => {
  it("sends the browser back with a code and the client's state", async () => {
    const sandbox = await sandboxForTest();
    const response = await visitAuthorize(sandbox, await register(sandbox));
    expect(response.status).toBe(302);
    expect(redirected(response)).toEqual({ state: "xyz", code: expect.stringMatching(/^[\w-]{64}$/) });
    expect(await response.text()).toContain("<html>");
    expect(sandbox.calls.count("Authorize", "ok")).toBe(1);
  });

  it("keeps what the redirect URI's own query says", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox, { redirectUris: ["http://127.0.0.1/oauth/callback?from=aws"] });
    const redirect_uri = "http://127.0.0.1:4711/oauth/callback?from=aws";
    expect(redirected(await visitAuthorize(sandbox, client, { redirect_uri }))).toMatchObject({
      from: "aws",
      code: expect.anything(),
    });
  });

  it.each([
    ["an unknown client", { client_id: "unknown" }, 401, "InvalidClientException"],
    ["no client", { client_id: undefined }, 401, "InvalidClientException"],
    ["no redirect URI", { redirect_uri: undefined }, 400, "InvalidRequestException"],
    ["another path", { redirect_uri: "http://127.0.0.1:4711/steal" }, 400, "InvalidRequestException"],
    ["another host", { redirect_uri: "http://example.com/oauth/callback" }, 400, "InvalidRequestException"],
    ["another scheme", { redirect_uri: "https://127.0.0.1/oauth/callback" }, 400, "InvalidRequestException"],
  ])("redirects nobody for %s", async (_, changes, status, code) => {
    const sandbox = await sandboxForTest();
    const response = await visitAuthorize(sandbox, await register(sandbox), changes);
    expect(response.status).toBe(status);
    expect(response.headers.get("location")).toBeNull();
    expect(response.headers.get("x-amzn-errortype")).toBe(code);
  });

  it.each([
    ["invalid_request", "another response type", { response_type: "token" }],
    ["invalid_request", "a plain challenge", { code_challenge_method: "plain" }],
    ["invalid_request", "no challenge", { code_challenge: undefined }],
    ["invalid_request", "a padded challenge", { code_challenge: `${"A".repeat(43)}=` }],
    ["invalid_scope", "a scope that isn't the client's", { scopes: "sso:account:access sso:everything" }],
  ])("tells the client %s about %s", async (error, _, changes) => {
    const sandbox = await sandboxForTest();
    const response = await visitAuthorize(sandbox, await register(sandbox), changes);
    expect(redirected(response)).toEqual({ state: "xyz", error, error_description: expect.anything() });
    expect(sandbox.state.identityCenter.authorizationCodes).toEqual({});
  });

  it("tells a client that isn't registered for codes unauthorized_client", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox, { grantTypes: ["refresh_token"] });
    expect(redirected(await visitAuthorize(sandbox, client))).toMatchObject({ error: "unauthorized_client" });
  });

  it("tells the client access_denied where the user is turned away", async () => {
    const sandbox = await sandboxForTest();
    sandbox.state.identityCenter.deniesSignIn = true;
    const response = await visitAuthorize(sandbox, await register(sandbox));
    expect(redirected(response)).toMatchObject({ error: "access_denied", state: "xyz" });
    expect(sandbox.calls.count("Authorize", "AccessDeniedException")).toBe(1);
  });
});

describe("CreateToken with an authorization code", () => {
  it("gives an access token for an hour and a refresh token", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox);
    const code = await signInForCode(sandbox, client);
    expect(await exchangeCode(sandbox, client, { code })).toMatchObject({
      accessToken: expect.stringMatching(/^aoa/),
      tokenType: "Bearer",
      expiresIn: 3600,
      refreshToken: expect.stringMatching(/^aor/),
    });
  });

  it("takes a code once", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox);
    const code = await signInForCode(sandbox, client);
    await exchangeCode(sandbox, client, { code });
    expect(await refusal(exchangeCode(sandbox, client, { code }))).toMatchObject({
      code: "InvalidGrantException",
      status: 400,
    });
  });

  it.each([
    ["an unknown code", { code: "unknown" }],
    ["another verifier", { codeVerifier: "A".repeat(43) }],
    ["another redirect URI", { redirectUri: "http://127.0.0.1:4712/oauth/callback" }],
  ])("answers InvalidGrantException to %s", async (_, changes) => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox);
    const code = await signInForCode(sandbox, client);
    expect(await refusal(exchangeCode(sandbox, client, { code, ...changes }))).toMatchObject({
      code: "InvalidGrantException",
    });
  });

  it("spends the code on a wrong attempt, too", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox);
    const code = await signInForCode(sandbox, client);
    await refusal(exchangeCode(sandbox, client, { code, codeVerifier: "A".repeat(43) }));
    expect(await refusal(exchangeCode(sandbox, client, { code }))).toMatchObject({
      code: "InvalidGrantException",
    });
  });

  it("leaves another client's code alone", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox);
    const code = await signInForCode(sandbox, client);
    expect(await refusal(exchangeCode(sandbox, await register(sandbox), { code }))).toMatchObject({
      code: "InvalidGrantException",
    });
    expect(await exchangeCode(sandbox, client, { code })).toHaveProperty("accessToken");
  });

  it("takes a code for ten minutes", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const client = await register(sandbox);
    const [inTime, late] = [await signInForCode(sandbox, client), await signInForCode(sandbox, client)];
    clock.advance(599_999);
    expect(await exchangeCode(sandbox, client, { code: inTime })).toHaveProperty("accessToken");
    clock.advance(1);
    expect(await refusal(exchangeCode(sandbox, client, { code: late }))).toMatchObject({
      code: "InvalidGrantException",
    });
  });

  it.each(["code", "redirectUri", "codeVerifier"])(
    "answers InvalidRequestException where %s is missing, and leaves the code good",
    async (name) => {
      const sandbox = await sandboxForTest();
      const client = await register(sandbox);
      const code = await signInForCode(sandbox, client);
      expect(await refusal(exchangeCode(sandbox, client, { code, [name]: undefined }))).toMatchObject({
        code: "InvalidRequestException",
        status: 400,
      });
      expect(await exchangeCode(sandbox, client, { code })).toHaveProperty("accessToken");
    },
  );

  it("answers UnsupportedGrantTypeException to any other grant type", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox);
    for (const grantType of ["password", "constructor"]) {
      expect(await refusal(createToken(sandbox, { ...client, grantType }))).toMatchObject({
        code: "UnsupportedGrantTypeException",
        status: 400,
      });
    }
  });

  it("answers UnauthorizedClientException to a grant type that the client isn't registered for", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox, { grantTypes: ["authorization_code"] });
    expect(await refusal(refresh(sandbox, client, "any"))).toMatchObject({
      code: "UnauthorizedClientException",
      status: 400,
    });
    const code = await signInForCode(sandbox, client);
    expect(await exchangeCode(sandbox, client, { code })).not.toHaveProperty("refreshToken");
  });

  it("has the client prove itself", async () => {
    const sandbox = await sandboxForTest();
    const client = await register(sandbox);
    const code = await signInForCode(sandbox, client);
    expect(
      await refusal(exchangeCode(sandbox, { ...client, clientSecret: "wrong" }, { code })),
    ).toMatchObject({ code: "InvalidClientException", status: 401 });
    expect(await exchangeCode(sandbox, client, { code })).toHaveProperty("accessToken");
  });
});
