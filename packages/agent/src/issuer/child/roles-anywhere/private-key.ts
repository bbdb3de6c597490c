import { createPrivateKey, type KeyObject } from "node:crypto";
import { RoleAgentError } from "@role-agent/provider/errors";

const derForms = ["pkcs8", "sec1", "pkcs1"] as const;
const curves: ReadonlySet<string | undefined> = new Set(["prime256v1", "secp384r1"]);
const minRsaBits = 2048;

/**
 * Reads a private key: PEM or DER, in PKCS#8 (encrypted too), PKCS#1 or SEC1. Throws `InvalidConfiguration` that
 * names the file and never shows what is in it.
 *
 * @param passphrase - opens an encrypted key; ignored by one that isn't
 */
export function parsePrivateKey(bytes: Buffer, passphrase: string | undefined, path: string): KeyObject {
  const key = isPem(bytes)
    ? attempt(() => createPrivateKey({ key: bytes, passphrase: passphrase ?? "" }))
    : derForms
        .map((type) =>
          attempt(() => createPrivateKey({ key: bytes, format: "der", type, passphrase: passphrase ?? "" })),
        )
        .find((parsed) => parsed !== undefined);
  if (key === undefined) throw unreadable(bytes, passphrase, path);
  const problem = typeProblem(key);
  if (problem === undefined) return key;
  throw refused(path, problem, "use RSA of 2048 bits or more, or EC on P-256 or P-384");
}

function attempt(parse: () => KeyObject): KeyObject | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function unreadable(bytes: Buffer, passphrase: string | undefined, path: string): RoleAgentError {
  if (!isEncrypted(bytes)) {
    return refused(
      path,
      "is no private key in PEM or DER, or is damaged",
      `check it: openssl pkey -noout -in ${path}`,
    );
  }
  return passphrase === undefined
    ? refused(path, "is encrypted", "name a file with its passphrase: private_key_passphrase_file")
    : refused(path, "is not opened by the passphrase, or is damaged", "check private_key_passphrase_file");
}

/** What Roles Anywhere can't verify, or what is weak. @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html */
function typeProblem({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): string | undefined {
  if (type === "rsa") {
    const bits = details?.modulusLength ?? 0;
    return bits < minRsaBits ? `is an RSA key of ${bits} bits, which is too weak` : undefined;
  }
  if (type !== "ec") return `is a key of the type ${type ?? "unknown"}, which Roles Anywhere doesn't take`;
  return curves.has(details?.namedCurve)
    ? undefined
    : `is on the curve ${details?.namedCurve ?? "unknown"}, which Roles Anywhere doesn't take`;
}

function isPem(bytes: Buffer): boolean {
  return bytes.includes("-----BEGIN ");
}

/** DER doesn't say it before it is parsed: EncryptedPrivateKeyInfo begins with the identifier of PBES2. */
function isEncrypted(bytes: Buffer): boolean {
  const pbes2 = Buffer.from("06092a864886f70d01050d", "hex");
  return bytes.includes("ENCRYPTED") || bytes.subarray(0, 64).includes(pbes2);
}

function refused(path: string, problem: string, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `private key ${path} ${problem}`, { hint });
}
