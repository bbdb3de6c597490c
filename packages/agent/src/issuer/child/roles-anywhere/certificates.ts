import { X509Certificate } from "node:crypto";
import { RoleAgentError } from "@role-agent/provider/errors";

/** What a certificate file holds: who signs, and the intermediates up to the trust anchor. */
export interface CertificateChain {
  readonly leaf: X509Certificate;
  readonly intermediates: readonly X509Certificate[];
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads a certificate file: PEM, the leaf first, or the DER of the leaf alone. Throws `InvalidConfiguration` for
 * a file without one, and for a leaf that AWS would refuse at `now`: expired, not yet valid, or a CA's.
 *
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
 */
export function parseCertificates(bytes: Buffer, path: string, now: number): CertificateChain {
  const blocks = bytes.toString("latin1").match(pemBlock) ?? [bytes];
  const [leaf, ...intermediates] = blocks.map((block) => parse(block, path));
  if (leaf === undefined) throw refused(path, "holds no certificate", formatHint);
  if (leaf.ca) throw refused(path, "begins with a CA's certificate", "put the certificate of the key first");
  if (now < Date.parse(leaf.validFrom)) {
    throw refused(
      path,
      `is not valid before ${utc(leaf.validFrom)}`,
      "wait, or correct this machine's clock",
    );
  }
  if (now > Date.parse(leaf.validTo)) {
    throw refused(path, `has expired on ${utc(leaf.validTo)}`, "renew it; the new file is read by itself");
  }
  return { leaf, intermediates };
}

const formatHint = "give a PEM file, the certificate of the key first";

function parse(block: string | Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch {
    throw refused(path, "is no certificate in PEM or DER, or is damaged", formatHint);
  }
}

function utc(time: string): string {
  return new Date(time).toISOString();
}

function refused(path: string, problem: string, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `certificate ${path} ${problem}`, { hint });
}
