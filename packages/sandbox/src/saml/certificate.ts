import { createPublicKey, randomBytes, sign, type KeyObject } from "node:crypto";

const sequence = 0x30;
const set = 0x31;
const sha256WithRsa = Buffer.from("300d06092a864886f70d01010b0500", "hex");
const commonName = Buffer.from("0603550403", "hex");

/**
 * A self-signed X.509 certificate (DER) of an RSA key, for a SAML provider's metadata: Node reads certificates, and
 * has no way to make one. https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function selfSignedCertificate(
  privateKey: KeyObject,
  name: string,
  notBefore: number,
  days: number,
): Buffer {
  const notAfter = notBefore + days * 86_400_000;
  const subject = der(sequence, der(set, der(sequence, commonName, der(0x0c, Buffer.from(name)))));
  const toBeSigned = der(
    sequence,
    der(0xa0, der(0x02, Buffer.of(2))), // version 3
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])), // serial number, positive
    sha256WithRsa,
    subject, // issuer
    der(sequence, time(notBefore), time(notAfter)),
    subject,
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  return der(sequence, toBeSigned, sha256WithRsa, der(0x03, Buffer.of(0), signature));
}

/** UTCTime, good until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

/** A value in the Distinguished Encoding Rules: tag, length, contents. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const contents = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), derLength(contents.length), contents]);
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}
