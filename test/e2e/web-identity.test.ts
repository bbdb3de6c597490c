import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AttachRolePolicyCommand } from "@aws-sdk/client-iam";
import { createOidcIssuer, type OidcIssuer, type SandboxOptions } from "@role-agent/sandbox";
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { AUDIENCE, ciRole, SUBJECT } from "../sandbox/oidc/web-identity.ts";
import { HOME, iam, roleArn } from "../sandbox/support.ts";
import { replaceFile } from "../support/replace-file.ts";
import { createRole, createWorld, deployConfig, type World } from "../support/world.ts";

const call = "AssumeRoleWithWebIdentity";
const claims = { sub: SUBJECT, aud: AUDIENCE };

interface CiWorld extends World {
  readonly issuer: OidcIssuer;
  readonly tokenFile: string;
  /** Replaces the token in its file. */
  readonly put: (token: string) => void;
}

/** A world with a role `ci` whose token is in a file, beside the role of every world. */
async function createCiWorld(options?: SandboxOptions): Promise<CiWorld> {
  const world = await createWorld(options);
  const issuer = await ciRole(world.sandbox, { StringEquals: { "issuer.example.com:sub": SUBJECT } });
  const tokenFile = join(world.home, ".config/role-agent/token");
  const put = (token: string): void => replaceFile(tokenFile, `${token}\n`);
  put(await issuer.sign(claims));
  world.env["AWS_ENDPOINT_URL_STS"] = world.sandbox.url;
  world.configure(
    `${deployConfig}\n[roles.ci]\nrole_arn = "${roleArn("Ci")}"\nweb_identity_token_file = "token"\nrole_session_name = "build"\n`,
  );
  return { ...world, issuer, tokenFile, put };
}

/** A command line that prints a text. */
function printing(world: World, text: string): string {
  const program = join(world.home, "print.cjs");
  writeFileSync(program, `console.log(${JSON.stringify(text)})`);
  return `"${process.execPath}" "${program}"`;
}

async function untilCalls(world: World, count: number, outcome: string): Promise<void> {
  while (world.sandbox.calls.count(call, outcome) < count) await sleep(20);
}

describe("a role with a web identity token file", () => {
  it("is assumed with the token, and with each new one across renewals", async () => {
    const world = await createCiWorld({ sessionSeconds: 3 });
    await world.startAgent();
    const documents = [await world.client.credentials("ci")];
    for (const renewal of [1, 2]) {
      // The old token is of a key that AWS no longer knows.
      const successor = await createOidcIssuer({ url: world.issuer.url, algorithm: "ES256" });
      const provider = world.sandbox.state.accounts[HOME]?.oidcProviders["issuer.example.com"];
      if (provider !== undefined) provider.jwks = successor.jwks;
      world.put(await successor.sign(claims));
      await untilCalls(world, 1 + renewal, "ok");
      documents.push(await world.client.credentials("ci"));
    }
    for (const { AccessKeyId } of documents) {
      expect(world.sandbox.state.sessions[AccessKeyId]).toMatchObject({
        roleName: "Ci",
        sessionName: "build",
      });
    }
    expect(new Set(documents.map(({ AccessKeyId }) => AccessKeyId)).size).toBeGreaterThan(1);
    expect(documents[0]).toMatchObject({ AccountId: HOME, RoleArn: roleArn("Ci") });
    expect(await world.client.status()).toMatchObject({
      roles: expect.arrayContaining([
        expect.objectContaining({ name: "ci", state: "fresh", roleArn: roleArn("Ci") }),
      ]),
    });
    expect((await world.run("roles")).stdout).toMatch(/^ci +web-identity .*token file .*\/token/m);
  });

  it("gets the token again when AWS refuses it, since it may be half written", async () => {
    const world = await createCiWorld();
    await world.startAgent();
    const token = await world.issuer.sign(claims);
    world.put(token.slice(0, token.length / 2));
    const half = untilCalls(world, 1, "InvalidIdentityToken").then(() => world.put(token));
    await Promise.all([world.client.refresh("ci"), half]);
    expect(world.sandbox.calls.count(call)).toBe(2);
  });

  it("is refused when AWS has the claim rejected", async () => {
    const world = await createCiWorld();
    await world.startAgent();
    world.sandbox.fault(call, { kind: "status", status: 403, code: "IDPRejectedClaim" });
    await expect(world.client.credentials("ci")).rejects.toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("IDPRejectedClaim"),
    });
  });

  it("is tried again by itself when AWS can't reach the issuer", async () => {
    const world = await createCiWorld();
    await world.startAgent();
    const fault = { kind: "status", status: 400, code: "IDPCommunicationError" } as const;
    world.sandbox.fault(call, fault, { times: 1 });
    await expect(world.client.refresh("ci")).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: expect.stringContaining("IDPCommunicationError"),
    });
    await untilCalls(world, 1, "ok");
  });

  it.each<readonly [string, (world: CiWorld) => unknown, string, RegExp, RegExp]>([
    [
      "expired",
      async ({ put, issuer }) => put(await issuer.sign({ ...claims, exp: 1_767_225_600 })),
      "SourceUnavailable",
      /^the token of web_identity_token_file .* has expired \(it ended at 2026-01-01T00:00:00Z\)$/,
      /its issuer must make a new one/,
    ],
    [
      "for another audience",
      async ({ put, issuer }) => put(await issuer.sign({ ...claims, aud: "other" })),
      "InvalidConfiguration",
      /InvalidIdentityTokenException: Incorrect token audience$/,
      /audience \(aud\)/,
    ],
    [
      "unsigned",
      ({ put, issuer }) =>
        put(new UnsecuredJWT({ ...claims, iss: issuer.url }).setExpirationTime("1h").setIssuedAt().encode()),
      "InvalidConfiguration",
      /InvalidIdentityToken/,
      /issuer/,
    ],
    ["no JWT", ({ put }) => put("opaque-token"), "InvalidConfiguration", /not a valid JWT/, /issuer/],
    [
      "of somebody else",
      async ({ put, issuer }) => put(await issuer.sign({ ...claims, sub: "repo:mallory/repo" })),
      "AccessDenied",
      /StringEquals issuer\.example\.com:sub does not match/,
      /trust policy/,
    ],
    [
      "empty",
      ({ put }) => put(""),
      "InvalidConfiguration",
      /has no token: it is empty$/,
      /one identity token/,
    ],
    [
      "too long",
      ({ put }) => put("x".repeat(20_001)),
      "InvalidConfiguration",
      /has 20001 characters/,
      /one identity token/,
    ],
    [
      "missing",
      ({ tokenFile }) => rmSync(tokenFile),
      "InvalidConfiguration",
      /doesn't exist$/,
      /create it, or correct the path/,
    ],
    [
      "a directory",
      ({ tokenFile }) => {
        rmSync(tokenFile);
        mkdirSync(tokenFile);
      },
      "InvalidConfiguration",
      /is a directory, not a file$/,
      /path of a file/,
    ],
  ])(
    "whose token is %s says so; the old session stays, and other roles don't notice",
    async (_name, spoil, code, message, hint) => {
      const world = await createCiWorld();
      const agent = await world.startAgent();
      const before = await world.client.credentials("ci");
      await spoil(world);
      await expect(world.client.refresh("ci")).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
      expect(await world.client.credentials("ci")).toEqual(before);
      await world.client.refresh("deploy");
      expect(agent.log).not.toMatch(/eyJ|opaque-token|xxxx/);
    },
  );

  it("never shows the token, whatever an endpoint makes of it", async () => {
    const world = await createCiWorld();
    const agent = await world.startAgent();
    const token = `${"x".repeat(1500)}-secret`;
    world.put(token);
    const error = `<Error><Code>ValidationError</Code><Message>bad value ${token} here</Message></Error>`;
    const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${error}</ErrorResponse>`;
    world.sandbox.fault(call, { kind: "answer", status: 400, body });
    const failure = await world.run("refresh", "ci");
    expect(failure.stderr).toContain("bad value (the token) here");
    expect(failure.stdout + failure.stderr + agent.log).not.toContain("xxxx");
  });

  it.each([
    ["another role", "arn:aws:sts::111122223333:assumed-role/Admin/build"],
    ["another account", "arn:aws:sts::444455556666:assumed-role/Ci/build"],
  ])("takes no answer for %s", async (_name, arn) => {
    const world = await createCiWorld();
    await world.startAgent();
    const keys =
      "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>";
    const result = `<${call}Result><AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROAEXAMPLE:build</AssumedRoleId></AssumedRoleUser><Credentials>${keys}</Credentials></${call}Result>`;
    const body = `<${call}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</${call}Response>`;
    world.sandbox.fault(call, { kind: "answer", body });
    await expect(world.client.credentials("ci")).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: `sts:${call} of ${roleArn("Ci")}: the answer is for another role`,
    });
  });
});

describe("a web identity token process", () => {
  /** A world whose token a program prints. */
  async function createProcessWorld(options?: SandboxOptions): Promise<CiWorld> {
    const world = await createCiWorld(options);
    const command = printing(world, await world.issuer.sign(claims));
    world.configure(`[roles.ci]\nrole_arn = "${roleArn("Ci")}"\nweb_identity_token_process = '${command}'\n`);
    return world;
  }

  it("is run for each session", async () => {
    const world = await createProcessWorld({ sessionSeconds: 2 });
    await world.startAgent();
    await world.client.credentials("ci");
    await untilCalls(world, 3, "ok");
  });

  it("that prints nothing says so, and the old session stays", async () => {
    const world = await createProcessWorld();
    await world.startAgent();
    const before = await world.client.credentials("ci");
    printing(world, "");
    await expect(world.client.refresh("ci")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: "web_identity_token_process has no token: it is empty",
    });
    expect(await world.client.credentials("ci")).toEqual(before);
  });
});

describe("an AWS profile with web_identity_token_file", () => {
  it("is a role, and the source of another, at the endpoint it names", async () => {
    const world = await createCiWorld();
    delete world.env["AWS_ENDPOINT_URL_STS"];
    appendFileSync(
      world.env["AWS_CONFIG_FILE"] ?? "",
      `\n[profile web]\nrole_arn = ${roleArn("Ci")}\nweb_identity_token_file = ${world.tokenFile}\nrole_session_name = from-profile\nendpoint_url = ${world.sandbox.url}\n`,
    );
    await createRole(world.sandbox, "Audit", ["sts:AssumeRole"], roleArn("Ci"));
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await iam(world.sandbox).send(new AttachRolePolicyCommand({ RoleName: "Ci", PolicyArn }));
    world.configure(
      `[roles.audit]\nrole_arn = "${roleArn("Audit", "444455556666")}"\nsource_profile = "web"\nexternal_id = "team-core"\n`,
    );
    await world.startAgent();
    const { AccessKeyId } = await world.client.credentials("web");
    expect(world.sandbox.state.sessions[AccessKeyId]).toMatchObject({ sessionName: "from-profile" });
    expect(await world.client.credentials("audit")).toMatchObject({ AccountId: "444455556666" });
    expect(world.sandbox.calls.count(call)).toBe(1);
  });
});
