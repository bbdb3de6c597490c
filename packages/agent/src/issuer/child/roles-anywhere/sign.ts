import { createHash, sign, type KeyObject, type X509Certificate } from "node:crypto";
import type { Identity } from "./identity.ts";

/** A request before it is signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly host: string;
  /** Absolute, and in need of no escapes: `/sessions`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a signature is good for. */
export interface SigningScope {
  readonly region: string;
  readonly service: string;
  /** Milliseconds since 1970, by AWS's clock. */
  readonly now: number;
}

/**
 * The headers of a request that an X.509 certificate's key signs: Signature Version 4 with the certificate in
 * place of an access key.
 *
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html
 */
export function signedHeaders(
  request: UnsignedRequest,
  identity: Identity,
  { region, service, now }: SigningScope,
): Record<string, string> {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const algorithm = algorithmOf(identity.privateKey);
  const headers = {
    ...request.headers,
    host: request.host,
    "x-amz-date": date,
    ...certificateHeaders(identity),
  };
  const names = Object.keys(headers).toSorted().join(";");
  const text = [algorithm, date, scope, sha256(canonicalRequest({ ...request, headers }))].join("\n");
  const signature = sign("sha256", Buffer.from(text), identity.privateKey).toString("hex");
  const credential = `${serialNumber(identity.leaf)}/${scope}`;
  return {
    ...headers,
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** The query of a request as it is signed and sent: sorted, escaped by RFC 3986. */
export function canonicalQuery(query: UnsignedRequest["query"]): string {
  return Object.entries(query)
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .toSorted()
    .join("&");
}

function canonicalRequest({ method, path, query, headers, body }: UnsignedRequest): string {
  const names = Object.keys(headers).toSorted();
  const lines = names.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}\n`);
  return [method, path, canonicalQuery(query), lines.join(""), names.join(";"), sha256(body)].join("\n");
}

function certificateHeaders({ leaf, intermediates }: Identity): Record<string, string> {
  const chain = intermediates.map(base64).join(",");
  return { "x-amz-x509": base64(leaf), ...(chain !== "" && { "x-amz-x509-chain": chain }) };
}

/** RSA signs with PKCS#1 v1.5 padding, EC in DER: node:crypto's defaults. */
function algorithmOf({ asymmetricKeyType: type }: KeyObject): string {
  return type === "rsa" ? "AWS4-X509-RSA-SHA256" : "AWS4-X509-ECDSA-SHA256";
}

/** In decimal. */
function serialNumber(certificate: X509Certificate): string {
  return BigInt(`0x${certificate.serialNumber}`).toString();
}

function base64({ raw }: X509Certificate): string {
  return raw.toString("base64");
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
