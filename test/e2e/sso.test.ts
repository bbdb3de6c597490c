import { appendFileSync, chmodSync, mkdirSync, rmSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  createSsoWorld,
  readerConfig,
  ssoAccount,
  ssoTokenFile,
  type SsoWorld,
} from "../support/sso-world.ts";
import { deployArn, deployConfig } from "../support/world.ts";

const call = "GetRoleCredentials";
const loginDue = { code: "LoginRequired", hint: "role-agent login corp" };

async function untilCalls(world: SsoWorld, count: number): Promise<void> {
  while (world.sandbox.calls.count(call, "ok") < count) await sleep(20);
}

/** What must be in no output and no log. */
function secretsOf(world: SsoWorld): string[] {
  const { identityCenter } = world.sandbox.state;
  const clients = Object.values(identityCenter.clients).map(({ clientSecret }) => clientSecret);
  return [
    ...Object.keys(identityCenter.accessTokens),
    ...Object.keys(identityCenter.refreshTokens),
    ...clients,
  ];
}

function expectNoSecret(world: SsoWorld, text: string): void {
  const secrets = secretsOf(world);
  expect(secrets.length).toBeGreaterThan(0);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
}

describe("a role of Identity Center", () => {
  it.each([[[]], [["corp", "--device"]]])(
    "is had after `role-agent login %s`, across renewals, and no secret is seen",
    async (args) => {
      const world = await createSsoWorld({ sessionSeconds: 3 });
      const login = await world.signIn(...args);
      expect(login).toMatchObject({ code: 0, stdout: expect.stringMatching(/^corp: signed in; .*Z\n$/) });
      expect(statSync(world.tokenFile).mode & 0o777).toBe(0o600);
      const agent = await world.startAgent();
      const first = await world.client.credentials("reader");
      expect(first).toMatchObject({ AccountId: ssoAccount });
      expect(first).not.toHaveProperty("RoleArn");
      await untilCalls(world, 3);
      const { AccessKeyId } = await world.client.credentials("reader");
      expect(AccessKeyId).not.toBe(first.AccessKeyId);
      expect(world.sandbox.state.sessions[AccessKeyId]).toMatchObject({ sessionName: "alice" });
      expect((await world.run("roles")).stdout).toMatch(/^reader +sso .*Identity Center corp/m);
      expectNoSecret(world, login.stdout + login.stderr + agent.log);
    },
  );

  it("has its access token renewed when that has ended, once for all roles, and keeps what others wrote", async () => {
    const world = await createSsoWorld();
    world.configure(readerConfig + readerConfig.replace("roles.reader", "roles.other"));
    world.sandbox.state.identityCenter.accessTokenSeconds = 1;
    await world.signIn();
    const before = world.token();
    world.putToken(JSON.stringify({ ...before, writtenBy: "another program" }));
    await sleep(1500);
    world.sandbox.state.identityCenter.accessTokenSeconds = 3600;
    await world.startAgent();
    await Promise.all(["reader", "other"].map((name) => world.client.credentials(name)));
    expect(world.sandbox.calls.count("CreateToken")).toBe(2);
    const after = world.token();
    expect(after).toMatchObject({ startUrl: before["startUrl"], writtenBy: "another program" });
    expect(after["accessToken"]).not.toBe(before["accessToken"]);
    expect(after["refreshToken"]).not.toBe(before["refreshToken"]);
    expect(statSync(world.tokenFile).mode & 0o777).toBe(0o600);
  });

  it("is had with a token that is still good when that can't be renewed", async () => {
    const world = await createSsoWorld();
    world.sandbox.state.identityCenter.accessTokenSeconds = 600;
    await world.signIn();
    await world.startAgent();
    world.sandbox.fault("CreateToken", { kind: "status", status: 503, code: "InternalServerException" });
    await world.client.credentials("reader");
    expect(world.sandbox.calls.count("CreateToken")).toBe(2);
  });

  it.each<readonly [string, (world: SsoWorld) => void, object]>([
    [
      "the token is missing",
      ({ tokenFile }) => rmSync(tokenFile),
      { ...loginDue, message: "nobody is signed in to corp" },
    ],
    [
      "the token file holds something else",
      ({ putToken }) => putToken("{ garbage"),
      { ...loginDue, message: "nobody is signed in to corp" },
    ],
    [
      "the token has ended and can't be renewed",
      ({ token, putToken }) => {
        const { refreshToken: _gone, ...rest } = token();
        putToken(JSON.stringify({ ...rest, expiresAt: "2026-01-01T00:00:00UTC" }));
      },
      { ...loginDue, message: "the sign-in to corp ended at 2026-01-01T00:00:00Z" },
    ],
    [
      "the sign-in has ended",
      ({ token, putToken, sandbox }) => {
        sandbox.state.identityCenter.refreshTokens = {};
        putToken(JSON.stringify({ ...token(), expiresAt: "2026-01-01T00:00:00Z" }));
      },
      { ...loginDue, message: "the sign-in to corp has ended: InvalidGrantException" },
    ],
    [
      "the token was revoked",
      ({ sandbox }) => {
        sandbox.state.identityCenter.accessTokens = {};
        sandbox.state.identityCenter.refreshTokens = {};
      },
      { ...loginDue, message: "the sign-in to corp has ended: InvalidGrantException" },
    ],
    [
      "the token is of another region",
      ({ token, putToken }) => putToken(JSON.stringify({ ...token(), region: "eu-west-1" })),
      {
        code: "InvalidConfiguration",
        message: "the token of corp is of the region eu-west-1, not of us-east-1",
        hint: expect.stringContaining("sso_region"),
      },
    ],
    [
      "others can write the token",
      ({ tokenFile }) => chmodSync(tokenFile, 0o622),
      { code: "InvalidConfiguration", message: expect.stringContaining("can be written by others") },
    ],
    [
      "the token file is a directory",
      ({ tokenFile }) => {
        rmSync(tokenFile);
        mkdirSync(tokenFile);
      },
      { code: "InvalidConfiguration", message: expect.stringContaining("is a directory, not a file") },
    ],
    [
      "the permission set is not assigned",
      ({ sandbox }) => {
        sandbox.state.identityCenter.assignments = [];
      },
      { code: "AccessDenied", hint: expect.stringContaining("assignment of that permission set") },
    ],
    [
      "the portal fails",
      ({ sandbox }) => sandbox.fault(call, { kind: "status", status: 503, code: "InternalServerException" }),
      { code: "SourceUnavailable" },
    ],
    [
      "the portal throttles",
      ({ sandbox }) => sandbox.fault(call, { kind: "status", status: 429, code: "TooManyRequestsException" }),
      { code: "SourceUnavailable", message: expect.stringContaining("TooManyRequestsException") },
    ],
  ])(
    "says so when %s; the old session stays, and other roles don't notice",
    async (_name, spoil, failure) => {
      const world = await createSsoWorld();
      await world.signIn();
      const agent = await world.startAgent();
      const before = await world.client.credentials("reader");
      const secrets = secretsOf(world);
      spoil(world);
      await expect(world.client.refresh("reader")).rejects.toMatchObject(failure);
      expect(await world.client.credentials("reader")).toEqual(before);
      await world.client.refresh("deploy");
      expect(secrets.filter((secret) => agent.log.includes(secret))).toEqual([]);
    },
  );

  it("is tried again after a refusal by a person's sign-in, not by the agent's own renewals", async () => {
    const world = await createSsoWorld();
    world.configure(readerConfig + readerConfig.replace("roles.reader", "roles.other"));
    await world.signIn();
    await world.startAgent();
    const heal = world.sandbox.fault(call, { kind: "status", status: 401, code: "UnauthorizedException" });
    for (const name of ["reader", "other", "reader", "other", "reader"]) {
      await expect(world.client.credentials(name)).rejects.toMatchObject(loginDue);
    }
    expect(world.sandbox.calls.count(call)).toBe(4);
    const { roles } = await world.client.status();
    expect(roles.filter(({ state }) => state === "needs-person").map(({ name }) => name)).toEqual([
      "reader",
      "other",
    ]);
    heal();
    world.putToken(JSON.stringify(world.token()));
    expect(await world.client.credentials("reader")).toMatchObject({ AccountId: ssoAccount });
  });

  it("never shows the token, whatever an endpoint makes of it", async () => {
    const world = await createSsoWorld();
    await world.signIn();
    const agent = await world.startAgent();
    const [accessToken = ""] = Object.keys(world.sandbox.state.identityCenter.accessTokens);
    const body = JSON.stringify({ __type: "InvalidRequestException", message: `bad value ${accessToken}` });
    world.sandbox.fault(call, { kind: "answer", status: 400, body });
    const failure = await world.run("refresh", "reader");
    expect(failure.stderr).toContain("bad value (a secret)");
    expectNoSecret(world, failure.stdout + failure.stderr + agent.log);
  });
});

describe("AWS profiles of Identity Center", () => {
  it("are roles, and the source of others, which share their session", async () => {
    const world = await createSsoWorld();
    appendFileSync(
      world.env["AWS_CONFIG_FILE"] ?? "",
      `[profile sso]\nsso_session = corp\nsso_account_id = ${ssoAccount}\nsso_role_name = Administrator\n`,
    );
    world.configure(
      ["one", "two"]
        .map(
          (name) =>
            `[roles.${name}]\nrole_arn = "${deployArn}"\nsource_profile = "sso"\nexternal_id = "team-core"\n`,
        )
        .join(""),
    );
    await world.signIn();
    await world.startAgent();
    await Promise.all(["sso", "one", "two"].map((name) => world.client.credentials(name)));
    expect(world.sandbox.calls.count(call)).toBe(1);
    expect(world.sandbox.calls.count("AssumeRole", "ok")).toBe(2);
  });

  it("of the older form are signed in to with a code, once for all, and without a refresh token", async () => {
    const world = await createSsoWorld();
    const { startUrl } = world.sandbox.state.identityCenter;
    appendFileSync(
      world.env["AWS_CONFIG_FILE"] ?? "",
      `[profile old]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\nsso_account_id = ${ssoAccount}\nsso_role_name = ReadOnly\n`,
    );
    world.configure(deployConfig);
    await world.startAgent();
    await expect(world.client.credentials("old")).rejects.toMatchObject({
      code: "LoginRequired",
      hint: `role-agent login ${startUrl}`,
    });
    expect(await world.signIn(startUrl)).toMatchObject({ code: 0 });
    expect(await world.client.credentials("old")).toMatchObject({ AccountId: ssoAccount });
    expect(statSync(ssoTokenFile(world, startUrl)).mode & 0o777).toBe(0o600);
  });
});
