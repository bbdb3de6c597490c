import { X509Certificate } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  BasicConstraints,
  Certificate as Asn1Certificate,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  KeyUsage,
  type Name,
} from "@peculiar/asn1-x509";

/** A certificate: what node:crypto knows of it, and what it leaves out. */
export interface Certificate {
  x509: X509Certificate;
  /** 1 to 3. */
  version: number;
  /** What the basic constraints say; undefined without the extension. */
  isCa: boolean | undefined;
  /** Names of RFC 5280: `digitalSignature`; undefined without the extension. */
  keyUsage: readonly string[] | undefined;
  /** The object identifier of the algorithm that the issuer signed with. */
  signatureAlgorithm: string;
  subject: readonly NameAttribute[];
  issuer: readonly NameAttribute[];
}

export interface NameAttribute {
  /** `CN`, `OU`, …; an object identifier where it has no short name. */
  type: string;
  value: string;
}

/** Throws for what is no certificate. */
export function readCertificate(pemOrDer: string | Buffer): Certificate {
  const x509 = new X509Certificate(pemOrDer);
  const { tbsCertificate, signatureAlgorithm } = AsnConvert.parse(x509.raw, Asn1Certificate);
  const extension = (id: string): ArrayBuffer | undefined =>
    tbsCertificate.extensions?.find(({ extnID }) => extnID === id)?.extnValue.buffer;
  const basicConstraints = extension(id_ce_basicConstraints);
  const keyUsage = extension(id_ce_keyUsage);
  return {
    x509,
    version: tbsCertificate.version + 1,
    isCa: basicConstraints && AsnConvert.parse(basicConstraints, BasicConstraints).cA,
    keyUsage: keyUsage && AsnConvert.parse(keyUsage, KeyUsage).toJSON(),
    signatureAlgorithm: signatureAlgorithm.algorithm,
    subject: attributes(tbsCertificate.subject),
    issuer: attributes(tbsCertificate.issuer),
  };
}

/** RFC 4519 */
const shortNames: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
};

function attributes(name: Name): NameAttribute[] {
  return name.flatMap((relative) =>
    relative.map(({ type, value }) => ({ type: shortNames[type] ?? type, value: value.toString() })),
  );
}
