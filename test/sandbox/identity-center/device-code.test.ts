import { StartDeviceAuthorizationCommand } from "@aws-sdk/client-sso-oidc";
import { describe, expect, it } from "vitest";
import { frozenClock, refusal, sandboxForTest } from "../support.ts";
import { oidc, poll, register, registerDevice, startDevice } from "./support.ts";

async function visit(url: string | undefined): Promise<Response> {
  return fetch(url ?? "");
}

describe("StartDeviceAuthorization", () => {
  it("gives a device code, and a page for the person's", async () => {
    const sandbox = await sandboxForTest();
    const answer = await startDevice(sandbox, await registerDevice(sandbox));
    expect(answer).toMatchObject({
      deviceCode: expect.stringMatching(/^[\w-]+$/),
      userCode: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verificationUri: `${sandbox.url}/device`,
      verificationUriComplete: `${sandbox.url}/device?user_code=${answer.userCode}`,
      expiresIn: 600,
      interval: 1,
    });
  });

  it("answers InvalidRequestException to another instance's start URL", async () => {
    const sandbox = await sandboxForTest();
    const client = await registerDevice(sandbox);
    for (const startUrl of ["https://other.awsapps.com/start", ""]) {
      expect(
        await refusal(oidc(sandbox).send(new StartDeviceAuthorizationCommand({ ...client, startUrl }))),
      ).toMatchObject({ code: "InvalidRequestException", status: 400 });
    }
  });

  it("answers UnauthorizedClientException to a client that registered for other grants", async () => {
    const sandbox = await sandboxForTest();
    expect(await refusal(startDevice(sandbox, await register(sandbox)))).toMatchObject({
      code: "UnauthorizedClientException",
      status: 400,
    });
  });
});

describe("CreateToken with a device code", () => {
  it("is pending until the person has approved, and gives tokens then", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const client = await registerDevice(sandbox);
    const { deviceCode, verificationUriComplete } = await startDevice(sandbox, client);
    for (let polls = 0; polls < 3; polls += 1) {
      expect(await refusal(poll(sandbox, client, deviceCode))).toMatchObject({
        code: "AuthorizationPendingException",
        status: 400,
      });
      clock.advance(1000);
    }
    const page = await visit(verificationUriComplete);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(await poll(sandbox, client, deviceCode)).toMatchObject({
      accessToken: expect.stringMatching(/^aoa/),
      expiresIn: 3600,
      refreshToken: expect.stringMatching(/^aor/),
    });
    expect(sandbox.calls.count("CreateToken", "AuthorizationPendingException")).toBe(3);
  });

  it("gives a client without scopes one access token for the whole sign-in", async () => {
    const sandbox = await sandboxForTest();
    const client = await registerDevice(sandbox, []);
    const { deviceCode, verificationUriComplete } = await startDevice(sandbox, client);
    await visit(verificationUriComplete);
    const tokens = await poll(sandbox, client, deviceCode);
    expect(tokens.expiresIn).toBeGreaterThan(28_790);
    expect(tokens).not.toHaveProperty("refreshToken");
  });

  it("answers SlowDownException to who polls faster than the interval", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    sandbox.state.identityCenter.intervalSeconds = 5;
    const client = await registerDevice(sandbox);
    const { deviceCode, interval } = await startDevice(sandbox, client);
    expect(interval).toBe(5);
    await refusal(poll(sandbox, client, deviceCode));
    clock.advance(4999);
    expect(await refusal(poll(sandbox, client, deviceCode))).toMatchObject({
      code: "SlowDownException",
      status: 400,
    });
    clock.advance(5000);
    expect(await refusal(poll(sandbox, client, deviceCode))).toMatchObject({
      code: "AuthorizationPendingException",
    });
  });

  it("answers AccessDeniedException where the person was turned away", async () => {
    const sandbox = await sandboxForTest();
    sandbox.state.identityCenter.deniesSignIn = true;
    const client = await registerDevice(sandbox);
    const { deviceCode, verificationUriComplete } = await startDevice(sandbox, client);
    await visit(verificationUriComplete);
    expect(await refusal(poll(sandbox, client, deviceCode))).toMatchObject({
      code: "AccessDeniedException",
      status: 400,
    });
  });

  it("answers ExpiredTokenException after ten minutes, approved or not", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const client = await registerDevice(sandbox);
    const approved = await startDevice(sandbox, client);
    const forgotten = await startDevice(sandbox, client);
    clock.advance(599_999);
    await visit(approved.verificationUriComplete);
    clock.advance(1);
    expect((await visit(forgotten.verificationUriComplete)).status).toBe(400);
    for (const { deviceCode } of [approved, forgotten]) {
      expect(await refusal(poll(sandbox, client, deviceCode))).toMatchObject({
        code: "ExpiredTokenException",
        status: 400,
      });
    }
  });

  it("answers InvalidGrantException to an unknown, a used and another client's code", async () => {
    const sandbox = await sandboxForTest();
    const client = await registerDevice(sandbox);
    const { deviceCode, verificationUriComplete } = await startDevice(sandbox, client);
    await visit(verificationUriComplete);
    const other = await registerDevice(sandbox);
    expect(await refusal(poll(sandbox, other, deviceCode))).toMatchObject({ code: "InvalidGrantException" });
    expect(await poll(sandbox, client, deviceCode)).toHaveProperty("accessToken");
    for (const code of [deviceCode, "unknown"]) {
      expect(await refusal(poll(sandbox, client, code))).toMatchObject({ code: "InvalidGrantException" });
    }
  });

  it("answers InvalidRequestException to no code", async () => {
    const sandbox = await sandboxForTest();
    const client = await registerDevice(sandbox);
    expect(await refusal(poll(sandbox, client, undefined))).toMatchObject({
      code: "InvalidRequestException",
    });
  });
});

describe("the device page", () => {
  it("approves a code once, and no other", async () => {
    const sandbox = await sandboxForTest();
    const client = await registerDevice(sandbox);
    const { deviceCode, verificationUri, verificationUriComplete } = await startDevice(sandbox, client);
    expect((await visit(verificationUri)).status).toBe(400);
    expect((await visit(`${verificationUri}?user_code=BCDF-BCDF`)).status).toBe(400);
    expect(await refusal(poll(sandbox, client, deviceCode))).toMatchObject({
      code: "AuthorizationPendingException",
    });
    expect((await visit(verificationUriComplete)).status).toBe(200);
    expect((await visit(verificationUriComplete)).status).toBe(400);
  });
});
