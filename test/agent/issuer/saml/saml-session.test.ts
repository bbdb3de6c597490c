import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox, type Sandbox } from "@role-agent/sandbox";
import { IAMClient, CreateRoleCommand, CreateSAMLProviderCommand } from "@aws-sdk/client-iam";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { samlSession } from "../../../../packages/agent/src/issuer/child/sources/saml.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";
import { identityProvider, principalArn, roleArn, samlAssertion, samlRole } from "./saml-role.ts";

const never = new AbortController().signal;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
  onTestFinished(() => sandbox.stop());
  vi.stubEnv("AWS_ENDPOINT_URL_STS", sandbox.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  await trustIdentityProvider(sandbox);
});

async function trustIdentityProvider({ url, region, accounts: [, owner] }: Sandbox): Promise<void> {
  const iam = new IAMClient({ endpoint: url, region, credentials: owner });
  onTestFinished(() => iam.destroy());
  const { metadata } = identityProvider;
  await iam.send(new CreateSAMLProviderCommand({ Name: "Okta", SAMLMetadataDocument: metadata }));
  const statement = {
    Effect: "Allow",
    Principal: { Federated: principalArn },
    Action: "sts:AssumeRoleWithSAML",
    Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: "Federated", AssumeRolePolicyDocument }));
}

/** A command that prints one text after the other, and the last for ever. */
function printing(...texts: readonly string[]): { type: "process"; command: string } {
  const directory = temporaryDirectory();
  const program = join(directory, "print.cjs");
  writeFileSync(
    program,
    `const fs = require("node:fs");
    const texts = ${JSON.stringify(texts)};
    const file = ${JSON.stringify(join(directory, "runs"))};
    const runs = fs.existsSync(file) ? Number(fs.readFileSync(file)) : 0;
    fs.writeFileSync(file, String(runs + 1));
    console.log(texts[Math.min(runs, texts.length - 1)]);`,
  );
  return { type: "process", command: `"${process.execPath}" "${program}"` };
}

const expired = { issuedAt: Date.now() - 400_000 };

describe("a SAML session", () => {
  it("is what AWS gives for the assertion, without any key", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
    const session = await samlSession(samlRole(printing(samlAssertion())), never);
    expect(session).toMatchObject({ roleArn, accountId: "444455556666" });
    expect(session.lifetimeMs).toBeGreaterThan(3_590_000);
    expect(sandbox.state.sessions[session.accessKeyId]).toMatchObject({ sessionName: "alice@example.com" });
  });

  it("may have line breaks in its assertion, as long as AWS takes", async () => {
    const roles = [`${roleArn},${principalArn}`];
    for (let index = 0; index < 540; index += 1) {
      roles.push(`arn:aws:iam::444455556666:role/Other${index},${principalArn}`);
    }
    const assertion = samlAssertion({ roles });
    expect(assertion.length).toBeGreaterThan(90_000);
    const wrapped = assertion.replaceAll(/.{76}/g, "$&\r\n");
    await samlSession(samlRole(printing(wrapped)), never);
    expect(sandbox.calls.count("AssumeRoleWithSAML", "ok")).toBe(1);
  });

  it("is asked for once more with a new assertion, when AWS finds the first one too old", async () => {
    await samlSession(samlRole(printing(samlAssertion(expired), samlAssertion())), never);
    expect(sandbox.calls.entries.map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining(["ExpiredTokenException", "ok"]),
    );
  });

  it.each([
    ["malformed, since it was just being replaced", samlAssertion().slice(0, 100)],
    ["not signed by the provider", samlAssertion({ signed: "nothing" })],
  ])("is asked for with the assertion's replacement when the first one was %s", async (_what, first) => {
    await samlSession(samlRole(printing(first, samlAssertion())), never);
    expect(sandbox.calls.count("AssumeRoleWithSAML", "ok")).toBe(1);
  });

  it("is never asked for twice with the same assertion", async () => {
    await expect(samlSession(samlRole(printing(samlAssertion(expired))), never)).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining("5 minutes of issuance"),
    });
    expect(sandbox.calls.count("AssumeRoleWithSAML")).toBe(1);
  });

  it("never has its assertion in an error, even where the endpoint quotes it", async () => {
    const assertion = samlAssertion();
    const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>bad value ${assertion}, ${encodeURIComponent(assertion)} here</Message></Error></ErrorResponse>`;
    sandbox.fault("AssumeRoleWithSAML", { kind: "answer", status: 400, body });
    await expect(samlSession(samlRole(printing(assertion)), never)).rejects.toMatchObject({
      message: expect.stringContaining("bad value (the assertion), (the assertion) here"),
    });
  });

  it("of another role than the one asked for is refused", async () => {
    const body = `<AssumeRoleWithSAMLResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithSAMLResult><AssumedRoleUser><Arn>arn:aws:sts::444455556666:assumed-role/Other/a</Arn><AssumedRoleId>A:a</AssumedRoleId></AssumedRoleUser></AssumeRoleWithSAMLResult></AssumeRoleWithSAMLResponse>`;
    sandbox.fault("AssumeRoleWithSAML", { kind: "answer", body });
    await expect(samlSession(samlRole(printing(samlAssertion())), never)).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: expect.stringContaining("another role"),
    });
    expect(sandbox.calls.count("AssumeRoleWithSAML")).toBe(1);
  });
});
