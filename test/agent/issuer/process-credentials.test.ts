import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { processCredentials } from "../../../packages/agent/src/issuer/child/process-credentials.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const session = {
  Version: 1,
  AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
  SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  SessionToken: "token",
  Expiration: "2099-01-01T00:00:00Z",
  AccountId: "123456789012",
};

async function printed(document: object): ReturnType<typeof processCredentials> {
  const program = join(temporaryDirectory(), "print.cjs");
  writeFileSync(program, `console.log(${JSON.stringify(JSON.stringify(document))})`);
  return processCredentials(`"${process.execPath}" "${program}"`, new AbortController().signal);
}

describe("what a credential_process prints", () => {
  it("is a session with its end and account", async () => {
    expect(await printed(session)).toEqual({
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      sessionToken: "token",
      expiration: new Date(session.Expiration),
      accountId: "123456789012",
    });
  });

  it("may be long-term keys: empty and null are as good as absent", async () => {
    const { AccessKeyId, SecretAccessKey } = session;
    const keys = {
      Version: 1,
      AccessKeyId,
      SecretAccessKey,
      SessionToken: "",
      Expiration: null,
      AccountId: "",
    };
    expect(await printed(keys)).toEqual({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey });
  });

  it.each([
    ["Version", 2],
    ["AccessKeyId", "ASIA"],
    ["AccessKeyId", "ASIAIOSFODNN7\nEXAMPLE"],
    ["SecretAccessKey", "a\nb"],
    ["SessionToken", "to ken"],
    ["Expiration", "tomorrow"],
    ["AccountId", "1234"],
  ])("is the program's mistake, by name, where %s is %j", async (key, value) => {
    await expect(printed({ ...session, [key]: value })).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: `credential_process printed a document whose ${key} is missing or malformed`,
    });
  });

  it("is the program's mistake where the session has ended", async () => {
    await expect(printed({ ...session, Expiration: "2020-01-01T00:00:00Z" })).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: "credential_process printed a session whose Expiration is past: 2020-01-01T00:00:00Z",
    });
  });
});
