import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { profileCredentials } from "../../../packages/agent/src/issuer/child/source-credentials.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const never = new AbortController().signal;
const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/** The credentials of a profile that has these lines. */
async function credentialsOf(lines: string): ReturnType<typeof profileCredentials> {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "config"), `[profile base]\n${lines}`);
  vi.stubEnv("AWS_CONFIG_FILE", join(directory, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(directory, "none"));
  onTestFinished(() => void vi.unstubAllEnvs());
  return profileCredentials("base", never);
}

/** The setting of a credential_process that prints the keys. */
function printingProgram(): string {
  const program = join(temporaryDirectory(), "print.cjs");
  const document = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
  writeFileSync(program, `console.log(${JSON.stringify(JSON.stringify(document))})`);
  return `credential_process = "${process.execPath}" "${program}"\n`;
}

describe("the credentials of a profile", () => {
  it("are its own keys before what its program prints", async () => {
    const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    expect(await credentialsOf(`${keys}credential_process = /nonexistent\n`)).toEqual({
      accessKeyId,
      secretAccessKey,
    });
  });

  it("are what its program prints where its keys are empty", async () => {
    const empty = "aws_access_key_id =\naws_secret_access_key =\n";
    expect(await credentialsOf(empty + printingProgram())).toEqual({ accessKeyId, secretAccessKey });
  });

  it.each([
    [`aws_access_key_id = ${accessKeyId}\n`, "aws_secret_access_key"],
    [`aws_secret_access_key = ${secretAccessKey}\naws_access_key_id =\n`, "aws_access_key_id"],
  ])("are a mistake, and nothing else, where one half of its keys is missing", async (half, missing) => {
    await expect(credentialsOf(half + printingProgram())).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: `profile base has no ${missing}`,
    });
  });
});
