import { RegisterClientCommand } from "@aws-sdk/client-sso-oidc";
import { describe, expect, it } from "vitest";
import { frozenClock, refusal, sandboxForTest } from "../support.ts";
import { oidc, register, registerDevice, startDevice } from "./support.ts";

describe("RegisterClient", () => {
  it("gives a public client an id and a secret for 90 days", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const answer = await oidc(sandbox).send(
      new RegisterClientCommand({ clientName: "cli", clientType: "public" }),
    );
    const issuedAt = Math.floor(clock.now() / 1000);
    expect(answer).toMatchObject({
      clientId: expect.stringMatching(/^[\w-]{32}$/),
      clientSecret: expect.stringMatching(/^[\w-]{128}$/),
      clientIdIssuedAt: issuedAt,
      clientSecretExpiresAt: issuedAt + 90 * 86_400,
    });
    expect(sandbox.calls.entries).toMatchObject([{ action: "RegisterClient", outcome: "ok" }]);
  });

  it("takes the start URL as people write it", async () => {
    const sandbox = await sandboxForTest();
    const { startUrl } = sandbox.state.identityCenter;
    for (const end of ["", "/", "#", "/#", "/#/"]) {
      expect(await register(sandbox, { issuerUrl: startUrl + end })).toBeDefined();
    }
  });

  it.each([
    ["InvalidRequestException", "no name", { clientName: "" }],
    ["InvalidClientMetadataException", "a confidential client", { clientType: "confidential" }],
    ["InvalidScopeException", "an unknown scope", { scopes: ["sso:account:access", "sso:everything"] }],
    ["UnsupportedGrantTypeException", "an unknown grant type", { grantTypes: ["password"] }],
    ["InvalidRedirectUriException", "a redirect to a website", { redirectUris: ["https://example.com/"] }],
    ["InvalidRedirectUriException", "a redirect by https", { redirectUris: ["https://127.0.0.1/"] }],
    ["InvalidRedirectUriException", "a redirect that is no URL", { redirectUris: ["callback"] }],
    ["InvalidRequestException", "authorization codes without a redirect", { redirectUris: [] }],
    ["InvalidRequestException", "another instance", { issuerUrl: "https://other.awsapps.com/start" }],
  ])("answers %s to %s", async (code, _, changes) => {
    const sandbox = await sandboxForTest();
    expect(await refusal(register(sandbox, changes))).toMatchObject({ code, status: 400 });
    expect(sandbox.state.identityCenter.clients).toEqual({});
  });

  it.each(["", "[", "null", '"text"', '{"clientName":7}', '{"clientName":"cli","scopes":"all"}'])(
    "answers InvalidRequestException to the body %j",
    async (body) => {
      const sandbox = await sandboxForTest();
      const response = await fetch(`${sandbox.url}/client/register`, { method: "POST", body });
      expect(response.status).toBe(400);
      expect(response.headers.get("x-amzn-errortype")).toBe("InvalidRequestException");
      expect(await response.json()).toEqual({
        error: "invalid_request",
        error_description: expect.stringMatching(/must be/),
      });
    },
  );
});

describe("a client's secret", () => {
  it("is refused with InvalidClientException where it or the id is wrong", async () => {
    const sandbox = await sandboxForTest();
    const client = await registerDevice(sandbox);
    for (const change of [{ clientId: "unknown" }, { clientSecret: "wrong" }, { clientId: "__proto__" }]) {
      expect(await refusal(startDevice(sandbox, { ...client, ...change }))).toMatchObject({
        code: "InvalidClientException",
        status: 401,
      });
    }
    expect(await startDevice(sandbox, client)).toHaveProperty("deviceCode");
  });

  it("is refused with InvalidClientException once it has expired", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const client = await registerDevice(sandbox);
    clock.advance(90 * 86_400_000 - 1);
    expect(await startDevice(sandbox, client)).toHaveProperty("deviceCode");
    clock.advance(1);
    expect(await refusal(startDevice(sandbox, client))).toMatchObject({
      code: "InvalidClientException",
      status: 401,
    });
  });
});
