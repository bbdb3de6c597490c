import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateRoleCommand, CreateSAMLProviderCommand, IAMClient } from "@aws-sdk/client-iam";
import { createSamlProvider, type AssertionOptions, type SandboxOptions } from "@role-agent/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AgentProcess } from "../support/agent-process.ts";
import { replaceFile } from "../support/replace-file.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";

const identityProvider = createSamlProvider();
const providerArn = "arn:aws:iam::444455556666:saml-provider/Okta";
const roleArn = "arn:aws:iam::444455556666:role/Federated";

function assertion(options: Partial<AssertionOptions> = {}): string {
  return identityProvider.assertion({
    roles: [`${roleArn},${providerArn}`, `${roleArn}2,${providerArn}`],
    sessionName: "alice@example.com",
    ...options,
  });
}

/** `role okta` reads its assertion from a file, `role adfs` from a program. */
const config = (program: string): string => `
[agent]
prefetch = ["okta", "adfs"]

[roles.okta]
role_arn = "${roleArn}"
principal_arn = "${providerArn}"
saml_assertion_file = "assertion.b64"

[roles.adfs]
role_arn = "${roleArn}2"
principal_arn = "${providerArn}"
saml_assertion_process = '${program}'
${deployConfig}`;

interface SamlWorld extends World {
  readonly agent: AgentProcess;
  /** Where `okta` has its assertion. */
  readonly file: string;
  /** What the program of `adfs` does from now on. */
  signInProgram(script: string): void;
}

const printNewAssertion = (url: string): string =>
  `fetch(${JSON.stringify(url)}).then((response) => response.text()).then(console.log)`;

async function samlWorld(options: SandboxOptions = {}): Promise<SamlWorld> {
  const world = await createWorld(options);
  world.env["AWS_ENDPOINT_URL_STS"] = world.sandbox.url;
  await trustIdentityProvider(world);
  const file = join(world.home, ".config/role-agent/assertion.b64");
  const program = join(world.home, "sign-in.cjs");
  const signInProgram = (script: string): void => writeFileSync(program, script);
  writeFileSync(file, `${assertion()}\n`);
  signInProgram(printNewAssertion(await identityProviderUrl()));
  world.configure(config(`"${process.execPath}" "${program}"`));
  return { ...world, file, signInProgram, agent: await world.startAgent() };
}

/** IAM as the administrator of one of the sandbox's accounts. */
function iamOf({ sandbox: { url, region, accounts } }: World, account: 0 | 1): IAMClient {
  const iam = new IAMClient({ region, endpoint: url, credentials: accounts[account] });
  onTestFinished(() => iam.destroy());
  return iam;
}

async function trustIdentityProvider(world: World): Promise<void> {
  const iam = iamOf(world, 1);
  const { metadata } = identityProvider;
  await iam.send(new CreateSAMLProviderCommand({ Name: "Okta", SAMLMetadataDocument: metadata }));
  const trust = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithSAML",
        Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
      },
    ],
  };
  for (const RoleName of ["Federated", "Federated2"]) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  }
}

/** An identity provider that gives a new assertion to each who asks. */
async function identityProviderUrl(): Promise<string> {
  const server = createServer((_request, response) => response.end(assertion()));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

describe("roles with SAML assertions", () => {
  it("are kept fresh through two renewals, from a file and from a program", async () => {
    const world = await samlWorld({ sessionSeconds: 4 });
    const keys = { okta: new Set<string>(), adfs: new Set<string>() };
    while (keys.okta.size < 3 || keys.adfs.size < 3) {
      for (const role of ["okta", "adfs"] as const) {
        const { AccessKeyId, Expiration } = await world.client.credentials(role);
        expect(Date.parse(Expiration)).toBeGreaterThan(Date.now());
        keys[role].add(AccessKeyId);
      }
      replaceFile(world.file, assertion());
      await sleep(50);
    }
    for (const key of [...keys.okta, ...keys.adfs]) {
      expect(world.sandbox.state.sessions[key]).toMatchObject({
        kind: "role",
        sessionName: "alice@example.com",
      });
    }
    const { roles } = await world.client.roles();
    expect(roles.filter(({ type }) => type === "saml").map(({ source }) => source)).toEqual([
      "SAML assertion of a file",
      "SAML assertion of a process",
    ]);
  });

  it("end when the sign-in does, and their clients are told so", async () => {
    const world = await samlWorld();
    const sessionNotOnOrAfter = Math.ceil(Date.now() / 1000) * 1000 + 600_000;
    writeFileSync(world.file, assertion({ sessionNotOnOrAfter }));
    await world.client.refresh("okta");
    const { Expiration } = await world.client.credentials("okta");
    expect(Date.parse(Expiration)).toBe(sessionNotOnOrAfter);
  });

  it("ask for a person once an assertion is too old, and go on with a new one", async () => {
    const world = await samlWorld({ sessionSeconds: 2 });
    await world.client.credentials("okta");
    writeFileSync(world.file, assertion({ notOnOrAfter: Date.now() - 3_600_000 }));
    const state = async (): Promise<string | undefined> =>
      (await world.client.status()).roles.find(({ name }) => name === "okta")?.state;
    while ((await state()) !== "needs-person") await sleep(20);
    await sleep(2000);
    const asked = world.client.credentials("okta");
    await expect(asked).rejects.toMatchObject({
      code: "LoginRequired",
      message: "the assertion has expired",
      hint: `sign in, save the new SAML response as ${world.file}, then: role-agent refresh okta`,
    });
    writeFileSync(world.file, assertion());
    expect(await world.run("refresh", "okta")).toMatchObject({ code: 0 });
    expect(await state()).toBe("fresh");
  });
});

describe("docs/sources/saml.md", () => {
  it("has a configuration and a trust policy that work together", async () => {
    const page = readFileSync(new URL("../../docs/sources/saml.md", import.meta.url), "utf8");
    const block = (language: string): string =>
      new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(page)?.[1] ?? "";
    const world = await createWorld();
    world.env["AWS_ENDPOINT_URL_STS"] = world.sandbox.url;
    const iam = iamOf(world, 0);
    const { metadata } = identityProvider;
    await iam.send(new CreateSAMLProviderCommand({ Name: "Okta", SAMLMetadataDocument: metadata }));
    const role = { RoleName: "Federated", AssumeRolePolicyDocument: block("json"), MaxSessionDuration: 7200 };
    await iam.send(new CreateRoleCommand(role));
    const program = join(world.home, "sign-in.cjs");
    const text = identityProvider.assertion({
      roles: ["arn:aws:iam::111122223333:role/Federated,arn:aws:iam::111122223333:saml-provider/Okta"],
      sessionName: "alice@example.com",
      tags: { team: "core" },
      sourceIdentity: "alice",
    });
    writeFileSync(program, `console.log(${JSON.stringify(text)})`);
    world.configure(block("toml").replace('"/opt/corp/bin/saml-sign-in', `"${process.execPath} ${program}`));
    await world.startAgent();
    const { AccessKeyId, Expiration } = await world.client.credentials("okta");
    expect(world.sandbox.state.sessions[AccessKeyId]).toMatchObject({ sourceIdentity: "alice" });
    expect(Date.parse(Expiration) - Date.now()).toBeGreaterThan(7_190_000);
  });
});

describe("a bad assertion", () => {
  const now = Date.now();
  const signatureInvalid = { code: "InvalidConfiguration", message: /signature invalid/, hint: /metadata/ };
  const noResponse = { code: "InvalidConfiguration", message: /no SAML response/, hint: /base64/ };
  const ended = { code: "LoginRequired", message: /expired|redeemed/, hint: /role-agent refresh okta/ };

  it.each([
    ["expired", assertion({ notOnOrAfter: now - 3_600_000 }), ended],
    ["issued too long ago for AWS", assertion({ issuedAt: now - 400_000 }), ended],
    ["unsigned", assertion({ signed: "nothing" }), signatureInvalid],
    [
      "signed by somebody else",
      createSamlProvider().assertion({ roles: [`${roleArn},${providerArn}`], sessionName: "alice" }),
      signatureInvalid,
    ],
    [
      "for another audience",
      assertion({ audience: "https://example.com" }),
      { code: "InvalidConfiguration", message: /audience/, hint: /audience/ },
    ],
    [
      "without the role",
      assertion({ roles: [`${roleArn}2,${providerArn}`] }),
      { code: "InvalidConfiguration", message: /holds 1 role,/, hint: /role_arn/ },
    ],
    [
      "of a failed sign-in",
      assertion({ status: "urn:oasis:names:tc:SAML:2.0:status:Responder" }),
      { code: "AccessDenied", message: /IDPRejectedClaim/, hint: /identity provider/ },
    ],
    [
      "with a tag that the role does not take",
      assertion({ tags: { team: "core" } }),
      { code: "AccessDenied", message: /sts:TagSession/, hint: /trust policy/ },
    ],
    ["malformed", "PHNhbWxwOlJlc3BvbnNl", noResponse],
    ["empty", "", noResponse],
  ])("that is %s has its own code and hint, and the old session stays", async (_what, text, expected) => {
    const world = await samlWorld();
    const { AccessKeyId } = await world.client.credentials("okta");
    writeFileSync(world.file, text);
    const error: unknown = await world.client.refresh("okta").catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: expected.code,
      message: expect.stringMatching(expected.message),
      hint: expect.stringMatching(expected.hint),
    });
    expect(await world.client.credentials("okta")).toMatchObject({ AccessKeyId });
    await world.client.credentials("adfs");
    await world.client.credentials("deploy");
    for (const told of [world.agent.log, JSON.stringify(error)]) {
      expect(told).not.toContain(text.slice(0, 64) || "SAMLResponse=");
    }
  });

  it("that isn't there asks for a person; one that can't be read is a mistake", async () => {
    const world = await samlWorld();
    const { AccessKeyId } = await world.client.credentials("okta");
    rmSync(world.file);
    await expect(world.client.refresh("okta")).rejects.toMatchObject({
      code: "LoginRequired",
      message: `saml_assertion_file ${world.file} doesn't exist`,
    });
    mkdirSync(world.file);
    await expect(world.client.refresh("okta")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: `saml_assertion_file ${world.file} is a directory, not a file`,
    });
    expect(await world.client.credentials("okta")).toMatchObject({ AccessKeyId });
  });

  it.each([
    ["fails", "console.error('no session'); process.exit(1)", /ended with 1/, /it said: no session/],
    ["prints garbage", "console.log('Password:')", /no SAML response/, /base64/],
    [
      "prints without end",
      "for (;;) require('fs').writeSync(1, 'x'.repeat(65536))",
      /more than 1048576 bytes/,
      undefined,
    ],
    [
      "prints an old assertion",
      `console.log("${assertion({ issuedAt: now - 400_000 })}")`,
      /redeemed/,
      /each time/,
    ],
  ])("from a program that %s is InvalidConfiguration", async (_what, script, message, hint) => {
    const world = await samlWorld();
    const { AccessKeyId } = await world.client.credentials("adfs");
    world.signInProgram(script);
    await expect(world.client.refresh("adfs")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringMatching(message),
      hint: hint && expect.stringMatching(hint),
    });
    expect(await world.client.credentials("adfs")).toMatchObject({ AccessKeyId });
  });
});
