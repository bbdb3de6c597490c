import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readIdentity } from "../../packages/agent/src/issuer/child/roles-anywhere/identity.ts";
import { signedHeaders } from "../../packages/agent/src/issuer/child/roles-anywhere/sign.ts";
import type { Issued } from "../support/pki.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { authorityExtensions, ec, issue, newAuthority, openssl, rsa } from "./support/openssl.ts";

const request = {
  method: "POST",
  host: "rolesanywhere.eu-west-1.amazonaws.com",
  path: "/sessions",
  query: { roleArn: "arn:aws:iam::123456789012:role/Server" },
  headers: { "content-type": "application/json" },
  body: "{}",
};

/** Signs with the files of `issued`; what openssl then has in a directory: text, signature, leaf and chain. */
async function signedFiles(directory: string, files: Issued & { passphraseFile?: string }): Promise<void> {
  const identity = await readIdentity(files, Date.now());
  const scope = { region: "eu-west-1", service: "rolesanywhere", now: Date.now() };
  const headers = signedHeaders(request, identity, scope);
  const { authorization = "", "x-amz-x509": leaf = "", "x-amz-x509-chain": chain = "" } = headers;
  const [, algorithm = "", , names = "", signature = ""] =
    /^(\S+) Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]+)$/.exec(authorization) ?? [];
  const date = headers["x-amz-date"] ?? "";
  const canonical = [
    "POST",
    "/sessions",
    "roleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FServer",
    ...names.split(";").map((name) => `${name}:${headers[name]}`),
    "",
    names,
    sha256("{}"),
  ].join("\n");
  const text = `${algorithm}\n${date}\n${date.slice(0, 8)}/eu-west-1/rolesanywhere/aws4_request\n${sha256(canonical)}`;
  writeFileSync(join(directory, "text"), text);
  writeFileSync(join(directory, "signature"), Buffer.from(signature, "hex"));
  writeFileSync(join(directory, "leaf.der"), Buffer.from(leaf, "base64"));
  const pem = chain
    .split(",")
    .filter(Boolean)
    .map((each) => asPem(directory, each));
  writeFileSync(join(directory, "chain.pem"), pem.join(""));
  const serial = openssl("x509", "-inform", "DER", "-in", join(directory, "leaf.der"), "-noout", "-serial");
  const decimal = BigInt(`0x${serial.toString().trim().split("=")[1]}`);
  expect(authorization).toContain(`Credential=${decimal}/${date.slice(0, 8)}/`);
}

function asPem(directory: string, base64: string): string {
  const der = join(directory, "intermediate.der");
  writeFileSync(der, Buffer.from(base64, "base64"));
  return openssl("x509", "-inform", "DER", "-in", der).toString();
}

/** What openssl says of the signature by the public key of the certificate that was sent. */
function opensslVerdict(directory: string): string {
  const [publicKey, signature, text, leaf] = ["public.pem", "signature", "text", "leaf.der"].map((name) =>
    join(directory, name),
  );
  if (!publicKey || !signature || !text || !leaf) throw new Error("no files");
  writeFileSync(publicKey, openssl("x509", "-inform", "DER", "-in", leaf, "-noout", "-pubkey"));
  return openssl("dgst", "-sha256", "-verify", publicKey, "-signature", signature, text).toString().trim();
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const encrypted = ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:correct horse"];

describe("openssl agrees with the signature of a key", () => {
  it.each([
    ["RSA, PKCS#8", rsa(2048), undefined],
    ["RSA, PKCS#1", rsa(3072), ["rsa", "-traditional"]],
    ["RSA, PKCS#8, encrypted", rsa(2048), encrypted],
    ["EC P-256, PKCS#8", ec("P-256"), undefined],
    ["EC P-256, SEC1", ec("P-256"), ["ec"]],
    ["EC P-256, PKCS#8, encrypted by scrypt", ec("P-256"), [...encrypted, "-scrypt"]],
    ["EC P-384, PKCS#8 in DER", ec("P-384"), ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"]],
    ["EC P-384, PKCS#8, encrypted, in DER", ec("P-384"), [...encrypted, "-outform", "DER"]],
  ])("%s", async (_form, key, convert) => {
    const directory = temporaryDirectory();
    const { certificate, privateKey } = issue(directory, "server", {
      issuer: newAuthority(directory),
      key,
    });
    const passphraseFile = join(directory, "passphrase");
    writeFileSync(passphraseFile, "correct horse", { mode: 0o600 });
    const converted = join(directory, "converted.key");
    if (convert !== undefined) openssl(...convert, "-in", privateKey, "-out", converted);
    const file = convert === undefined ? privateKey : converted;
    await signedFiles(directory, { certificate, privateKey: file, passphraseFile });
    expect(opensslVerdict(directory)).toBe("Verified OK");
    appendFileSync(join(directory, "text"), "!");
    expect(() => opensslVerdict(directory)).toThrow("Command failed");
  });
});

describe("openssl verify", () => {
  it("finds the path from the certificate that was sent, over the chain that was sent, to the CA", async () => {
    const directory = temporaryDirectory();
    const root = newAuthority(directory);
    const middle = issue(directory, "middle", { issuer: root, extensions: authorityExtensions });
    const server = issue(directory, "server", { issuer: middle });
    appendFileSync(server.certificate, readFileSync(middle.certificate));
    await signedFiles(directory, server);
    const leaf = join(directory, "leaf.pem");
    writeFileSync(leaf, asPem(directory, readFileSync(join(directory, "leaf.der")).toString("base64")));
    const verdict = openssl(
      "verify",
      "-x509_strict",
      "-CAfile",
      root.certificate,
      "-untrusted",
      join(directory, "chain.pem"),
      leaf,
    );
    expect(verdict.toString().trim()).toBe(`${leaf}: OK`);
  });
});
