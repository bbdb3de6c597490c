import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as asn1 from "@peculiar/asn1-x509";

/** A certificate and its key, as PEM files. */
export interface Issued {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What differs from a certificate that is fit for Roles Anywhere. */
export interface CertificateOptions {
  readonly key?: KeyPair;
  /** The common name alone by default. */
  readonly subject?: readonly (readonly [type: keyof typeof attributeTypes, value: string])[];
  /** Whether it is a CA's; `undefined` is a certificate that doesn't say. */
  readonly ca?: boolean | undefined;
  /** `undefined` is a certificate that doesn't say. */
  readonly keyUsage?: number | undefined;
  readonly dns?: readonly string[];
  readonly uri?: readonly string[];
  readonly days?: number;
  readonly digest?: "sha1" | "sha256";
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function ec(namedCurve: string): KeyPair {
  return generateKeyPairSync("ec", { namedCurve });
}

export function rsa(modulusLength: number): KeyPair {
  return generateKeyPairSync("rsa", { modulusLength });
}

export const { digitalSignature, keyCertSign, keyEncipherment } = asn1.KeyUsageFlags;

const authorityOptions: CertificateOptions = { ca: true, keyUsage: keyCertSign };
/** RFC 4519 */
const attributeTypes = { CN: "2.5.4.3", O: "2.5.4.10", OU: "2.5.4.11" } as const;
const dayMs = 86_400_000;
const ecdsaWith = { sha1: "1.2.840.10045.4.1", sha256: "1.2.840.10045.4.3.2" } as const;

/** A certification authority whose certificates are files of a directory. */
export class Authority implements Issued {
  readonly certificate: string;
  readonly privateKey: string;
  readonly #directory: string;
  readonly #name: asn1.Name;
  readonly #key: KeyPair;

  private constructor(directory: string, name: asn1.Name, key: KeyPair, files: Issued) {
    this.#directory = directory;
    this.#name = name;
    this.#key = key;
    this.certificate = files.certificate;
    this.privateKey = files.privateKey;
  }

  /** Signs itself. */
  static root(directory: string, name: string, options: CertificateOptions = {}): Authority {
    const key = ec("P-256");
    const subject = nameOf([["CN", name]]);
    const own = { ...authorityOptions, ...options };
    const files = write(directory, name, key, certificateOf(subject, key, subject, key, own));
    return new Authority(directory, subject, key, files);
  }

  /** An authority below this one, or what poses as one. */
  intermediate(name: string, options: CertificateOptions = authorityOptions): Authority {
    const key = ec("P-256");
    const files = this.issue(name, { ...options, key });
    return new Authority(this.#directory, nameOf([["CN", name]]), key, files);
  }

  issue(name: string, options: CertificateOptions = {}): Issued {
    const key = options.key ?? ec("P-256");
    const subject = nameOf(options.subject ?? [["CN", name]]);
    const fit = { ca: false, keyUsage: digitalSignature, ...options };
    return write(this.#directory, name, key, certificateOf(subject, key, this.#name, this.#key, fit));
  }

  get pem(): string {
    return readFileSync(this.certificate, "utf8");
  }
}

function certificateOf(
  subject: asn1.Name,
  { publicKey }: KeyPair,
  issuer: asn1.Name,
  { privateKey: issuerKey }: KeyPair,
  options: CertificateOptions,
): Buffer {
  const { days = 30, digest = "sha256" } = options;
  const algorithm = new asn1.AlgorithmIdentifier({ algorithm: ecdsaWith[digest] });
  const tbsCertificate = new asn1.TBSCertificate({
    version: asn1.Version.v3,
    serialNumber: bytes(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    signature: algorithm,
    issuer,
    validity: new asn1.Validity({
      notBefore: new Date(Date.now() - dayMs),
      notAfter: new Date(Date.now() + days * dayMs),
    }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: "spki", format: "der" }),
      asn1.SubjectPublicKeyInfo,
    ),
    extensions: new asn1.Extensions(extensionsOf(options)),
  });
  const signatureValue = bytes(sign(digest, Buffer.from(AsnConvert.serialize(tbsCertificate)), issuerKey));
  const certificate = new asn1.Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue });
  return Buffer.from(AsnConvert.serialize(certificate));
}

function extensionsOf({ ca, keyUsage, dns = [], uri = [] }: CertificateOptions): asn1.Extension[] {
  const names = [
    ...dns.map((dNSName) => new asn1.GeneralName({ dNSName })),
    ...uri.map((uniformResourceIdentifier) => new asn1.GeneralName({ uniformResourceIdentifier })),
  ];
  const values: [string, object | undefined][] = [
    [asn1.id_ce_basicConstraints, ca === undefined ? undefined : new asn1.BasicConstraints({ cA: ca })],
    [asn1.id_ce_keyUsage, keyUsage === undefined ? undefined : new asn1.KeyUsage(keyUsage)],
    [asn1.id_ce_subjectAltName, names.length === 0 ? undefined : new asn1.SubjectAlternativeName(names)],
  ];
  return values.flatMap(([extnID, value]) =>
    value === undefined
      ? []
      : [
          new asn1.Extension({
            extnID,
            critical: extnID !== asn1.id_ce_subjectAltName,
            extnValue: new OctetString(AsnConvert.serialize(value)),
          }),
        ],
  );
}

function nameOf(attributes: NonNullable<CertificateOptions["subject"]>): asn1.Name {
  return new asn1.Name(
    attributes.map(
      ([type, utf8String]) =>
        new asn1.RelativeDistinguishedName([
          new asn1.AttributeTypeAndValue({
            type: attributeTypes[type],
            value: new asn1.AttributeValue({ utf8String }),
          }),
        ]),
    ),
  );
}

function write(directory: string, name: string, { privateKey }: KeyPair, der: Buffer): Issued {
  const files = { certificate: join(directory, `${name}.pem`), privateKey: join(directory, `${name}.key`) };
  const lines = der
    .toString("base64")
    .match(/.{1,64}/g)
    ?.join("\n");
  writeFileSync(files.certificate, `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
  writeFileSync(files.privateKey, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return files;
}

function bytes(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
