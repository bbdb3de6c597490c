import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readIdentity } from "../../../../packages/agent/src/issuer/child/roles-anywhere/identity.ts";
import { Authority, ec, type Issued } from "../../../support/pki.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

function issued(): { directory: string; authority: Authority; server: Issued } {
  const directory = temporaryDirectory();
  const authority = Authority.root(directory, "ca");
  return { directory, authority, server: authority.issue("server") };
}

function refused(problem: string, hint: unknown = expect.any(String)): object {
  return { code: "InvalidConfiguration", message: expect.stringContaining(problem), hint };
}

const dayMs = 86_400_000;

describe("a certificate and its key", () => {
  it("are read with the intermediates behind the leaf", async () => {
    const { authority } = issued();
    const middle = authority.intermediate("middle");
    const server = middle.issue("web");
    appendFileSync(server.certificate, middle.pem);
    const { leaf, intermediates } = await readIdentity(server, Date.now());
    expect([leaf, ...intermediates].map(({ subject }) => subject.split("\n").at(-1))).toEqual([
      "CN=web",
      "CN=middle",
    ]);
  });

  it("may be DER, and the key may be encrypted", async () => {
    const { directory, authority } = issued();
    const key = ec("P-256");
    const server = authority.issue("server", { key });
    const certificate = join(directory, "certificate.der");
    const privateKey = join(directory, "key.der");
    const passphraseFile = join(directory, "passphrase");
    writeFileSync(certificate, new X509Certificate(readFileSync(server.certificate)).raw);
    const encrypted = { cipher: "aes-256-cbc", passphrase: "correct horse" };
    writeFileSync(privateKey, key.privateKey.export({ type: "pkcs8", format: "der", ...encrypted }), {
      mode: 0o600,
    });
    writeFileSync(passphraseFile, "correct horse\n", { mode: 0o600 });
    const { leaf } = await readIdentity({ certificate, privateKey, passphraseFile }, Date.now());
    expect(leaf.subject).toContain("CN=server");
  });

  it("are read anew each time", async () => {
    const { authority, server } = issued();
    const before = await readIdentity(server, Date.now());
    const next = authority.issue("next");
    copyFileSync(next.certificate, server.certificate);
    copyFileSync(next.privateKey, server.privateKey);
    const after = await readIdentity(server, Date.now());
    expect(after.leaf.serialNumber).not.toBe(before.leaf.serialNumber);
  });

  it("must belong together", async () => {
    const { authority, server } = issued();
    const other = authority.issue("other");
    await expect(readIdentity({ ...server, privateKey: other.privateKey }, Date.now())).rejects.toMatchObject(
      refused("is not that of the private key"),
    );
  });
});

describe("a certificate is refused", () => {
  it.each([
    ["before its time", -2 * dayMs, "is not valid before"],
    ["after its time", 31 * dayMs, "has expired on"],
  ])("%s", async (_case, offset, problem) => {
    const { server } = issued();
    await expect(readIdentity(server, Date.now() + offset)).rejects.toMatchObject(refused(problem));
  });

  it("when a CA's comes first", async () => {
    const { authority, server } = issued();
    await expect(
      readIdentity({ ...server, certificate: authority.certificate }, Date.now()),
    ).rejects.toMatchObject(refused("begins with a CA's certificate"));
  });

  it.each([
    ["holds something else", "hello", "is no certificate in PEM or DER"],
    [
      "holds a damaged one",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      "is no certificate in PEM or DER",
    ],
    ["is empty", "", "is empty"],
    ["is too large", "x".repeat(256 * 1024 + 1), "is larger than 256 KiB"],
  ])("when its file %s", async (_case, text, problem) => {
    const { server } = issued();
    writeFileSync(server.certificate, text);
    await expect(readIdentity(server, Date.now())).rejects.toMatchObject(refused(problem));
  });
});

describe("a file is refused", () => {
  it("when it is missing, a directory or a pipe, without waiting", async () => {
    const { directory, server } = issued();
    const folder = join(directory, "folder");
    const pipe = join(directory, "pipe");
    mkdirSync(folder);
    execFileSync("mkfifo", ["-m", "600", pipe]);
    const read = async (privateKey: string): Promise<unknown> =>
      readIdentity({ ...server, privateKey }, Date.now());
    await expect(read(join(directory, "missing"))).rejects.toMatchObject(refused("doesn't exist"));
    await expect(read(folder)).rejects.toMatchObject(refused("is a directory, not a file"));
    await expect(read(pipe)).rejects.toMatchObject(refused("is a pipe, not a file"));
  });

  it.each([0o640, 0o604, 0o620])("when it is secret and has mode %o", async (mode) => {
    const { directory, server } = issued();
    const passphraseFile = join(directory, "pass");
    writeFileSync(passphraseFile, "correct horse", { mode: 0o600 });
    chmodSync(passphraseFile, mode);
    const hint = `run: chmod 600 ${passphraseFile}`;
    await expect(readIdentity({ ...server, passphraseFile }, Date.now())).rejects.toMatchObject(
      refused("passphrase file", hint),
    );
    chmodSync(server.privateKey, mode);
    await expect(readIdentity(server, Date.now())).rejects.toMatchObject(
      refused("can be read or written by others", `run: chmod 600 ${server.privateKey}`),
    );
  });
});
