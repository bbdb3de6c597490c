import { createHash, verify } from "node:crypto";
import { getCanonicalHeaders, getCanonicalQuery } from "@smithy/signature-v4";
import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import { readHeaderClaim, type SignatureClaim } from "../signature-claim.ts";
import { checkClaim, unsignedRequest } from "../sigv4.ts";
import { readCertificate, type Certificate } from "./certificate.ts";

const algorithms: Readonly<Record<string, string>> = {
  rsa: "AWS4-X509-RSA-SHA256",
  ec: "AWS4-X509-ECDSA-SHA256",
};

/** Who proved to hold a certificate's key, and what else the request brought. */
export interface Signer {
  leaf: Certificate;
  intermediates: Certificate[];
}

/**
 * Proves that a request was signed by the key of the certificate that comes with it. The canonical form is made
 * anew, by AWS's own code. Throws `AccessDeniedException` (403).
 * https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html
 */
export function verifySigner(request: AwsRequest, now: number): Signer {
  const { "x-amz-x509": own = "", "x-amz-x509-chain": chain = "" } = request.headers;
  if (own === "") throw denied("Missing certificate");
  const leaf = decode(own);
  const intermediates = chain.split(",").filter(Boolean).map(decode);
  const claim = readClaim(request, now);
  for (const name of ["x-amz-x509", "x-amz-x509-chain", "x-amz-date"]) {
    if (name in request.headers && !claim.signedHeaders.has(name)) throw denied(`'${name}' must be signed`);
  }
  const { publicKey, serialNumber } = leaf.x509;
  if (claim.algorithm !== algorithms[publicKey.asymmetricKeyType ?? ""]) {
    throw denied("The algorithm is not that of the certificate's key");
  }
  if (claim.accessKeyId !== BigInt(`0x${serialNumber}`).toString()) {
    throw denied("The credential is not the certificate's serial number");
  }
  const signature = Buffer.from(claim.signature, "hex");
  if (!verify("sha256", Buffer.from(stringToSign(request, claim)), publicKey, signature)) {
    throw denied("The signature does not match");
  }
  return { leaf, intermediates };
}

export function denied(message: string): AwsError {
  return new AwsError("AccessDeniedException", message, 403);
}

function readClaim(request: AwsRequest, now: number): SignatureClaim {
  try {
    const claim = readHeaderClaim(request.headers, Object.values(algorithms));
    checkClaim(claim, { service: "rolesanywhere", now });
    return claim;
  } catch (error) {
    throw error instanceof AwsError ? denied(error.message) : error;
  }
}

function decode(base64: string): Certificate {
  try {
    return readCertificate(Buffer.from(base64, "base64"));
  } catch {
    throw denied("Malformed certificate");
  }
}

function stringToSign(
  request: AwsRequest,
  { algorithm, timestamp, scope, signedHeaders }: SignatureClaim,
): string {
  const { date, region, service, terminator } = scope;
  const unsigned = unsignedRequest(request, signedHeaders);
  const headers = getCanonicalHeaders(unsigned, undefined, new Set(signedHeaders));
  const names = Object.keys(headers).sort();
  const canonicalRequest = [
    request.method,
    request.path,
    getCanonicalQuery(unsigned),
    names.map((name) => `${name}:${headers[name]}\n`).join(""),
    names.join(";"),
    sha256(request.body),
  ].join("\n");
  return [algorithm, timestamp, `${date}/${region}/${service}/${terminator}`, sha256(canonicalRequest)].join(
    "\n",
  );
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
