import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Issued } from "../../support/pki.ts";

/** Runs the openssl command; what it prints. */
export function openssl(...args: readonly string[]): Buffer {
  return execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
}

/** What `openssl genpkey` takes for a kind of key. */
export function ec(curve: string): readonly string[] {
  return ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`];
}

export function rsa(bits: number): readonly string[] {
  return ["-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${bits}`];
}

/** A CA of the openssl command's own making, in a directory. */
export function newAuthority(directory: string): Issued {
  return issue(directory, "ca", { extensions: authorityExtensions });
}

export const authorityExtensions: readonly string[] = [
  "basicConstraints=critical,CA:TRUE",
  "keyUsage=critical,keyCertSign,cRLSign",
  "subjectKeyIdentifier=hash",
  "authorityKeyIdentifier=keyid",
];
const leafExtensions: readonly string[] = [
  "basicConstraints=critical,CA:FALSE",
  "keyUsage=critical,digitalSignature",
  "subjectKeyIdentifier=hash",
  "authorityKeyIdentifier=keyid",
];

/** A certificate of `issuer`, or one that signs itself. */
export function issue(
  directory: string,
  name: string,
  options: { issuer?: Issued; key?: readonly string[]; extensions?: readonly string[] } = {},
): Issued {
  const { issuer, key = ec("P-256"), extensions = leafExtensions } = options;
  const path = (suffix: string): string => join(directory, `${name}.${suffix}`);
  const files = { certificate: path("pem"), privateKey: path("key") };
  writeFileSync(path("cnf"), "[req]\ndistinguished_name = dn\n[dn]\n");
  writeFileSync(path("ext"), extensions.join("\n"));
  openssl("genpkey", ...key, "-out", files.privateKey);
  const request = ["req", "-new", "-config", path("cnf"), "-subj", `/O=Example/CN=${name}`];
  openssl(...request, "-key", files.privateKey, "-out", path("csr"));
  const signer =
    issuer === undefined
      ? ["-signkey", files.privateKey]
      : ["-CA", issuer.certificate, "-CAkey", issuer.privateKey, "-CAcreateserial"];
  const sign = ["x509", "-req", "-in", path("csr"), "-extfile", path("ext"), "-days", "30", "-sha256"];
  openssl(...sign, ...signer, "-out", files.certificate);
  return files;
}
