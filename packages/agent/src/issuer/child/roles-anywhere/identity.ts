import type { KeyObject } from "node:crypto";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { RolesAnywhereRole } from "../../../core/role.ts";
import { readSecretFile, readSmallFile } from "../read-file.ts";
import { parseCertificates, type CertificateChain } from "./certificates.ts";
import { parsePrivateKey } from "./private-key.ts";

/** Who signs: a certificate with its intermediates, and its key. */
export interface Identity extends CertificateChain {
  readonly privateKey: KeyObject;
}

type Files = Pick<RolesAnywhereRole, "certificate" | "privateKey" | "passphraseFile">;

/**
 * Reads the files of a role, each time anew: a certificate that was renewed on disk is used from then on. Rejects
 * with `InvalidConfiguration`.
 */
export async function readIdentity(files: Files, now: number): Promise<Identity> {
  const chain = parseCertificates(
    await readSmallFile(files.certificate, "certificate"),
    files.certificate,
    now,
  );
  const privateKey = await readPrivateKey(files);
  if (!chain.leaf.checkPrivateKey(privateKey)) {
    throw new RoleAgentError(
      "InvalidConfiguration",
      `certificate ${files.certificate} is not that of the private key ${files.privateKey}`,
      { hint: "use the key that the certificate was requested with" },
    );
  }
  return { ...chain, privateKey };
}

async function readPrivateKey({ privateKey: path, passphraseFile }: Files): Promise<KeyObject> {
  const passphrase = passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile);
  const bytes = await readSecretFile(path, "private key");
  try {
    return parsePrivateKey(bytes, passphrase, path);
  } finally {
    bytes.fill(0);
  }
}

/** One line; its end doesn't count. */
async function readPassphrase(path: string): Promise<string> {
  const bytes = await readSecretFile(path, "passphrase file");
  try {
    return bytes.toString("utf8").replace(/\r?\n$/, "");
  } finally {
    bytes.fill(0);
  }
}
