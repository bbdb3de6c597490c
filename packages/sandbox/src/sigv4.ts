import { createHash, timingSafeEqual } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsError } from "./aws-error.ts";
import type { AwsRequest } from "./aws-request.ts";
import { timestampToMs, type SignatureClaim } from "./signature-claim.ts";

const clockSkewMs = 15 * 60 * 1000;
const regionPattern = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/**
 * Proves a claim by signing the request anew, as the claim says and with the key's own secret, and comparing.
 * Throws `SignatureDoesNotMatch` (403): the date is off by more than 15 minutes (AWS's tolerance for STS and
 * IAM), the scope is for something else, or the signature or the payload's checksum is another.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export async function verifySignature(
  request: AwsRequest,
  claim: SignatureClaim,
  proof: { secretAccessKey: string; service: string; now: number },
): Promise<void> {
  checkClaim(claim, proof);
  const expected = await expectedSignature(request, claim, proof.secretAccessKey);
  if (!payloadMatches(request) || !equalInConstantTime(expected, claim.signature)) {
    mismatch(
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  }
}

/** Everything that a claim must say whatever its signature. Throws `SignatureDoesNotMatch`. */
export function checkClaim(claim: SignatureClaim, { service, now }: { service: string; now: number }): void {
  checkTime(claim, now);
  checkScope(claim, service);
  if (!claim.signedHeaders.has("host")) {
    mismatch("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
}

function checkTime({ timestamp, expiresInSeconds, kind }: SignatureClaim, now: number): void {
  const signedAt = timestampToMs(timestamp);
  const earliest = kind === "presigned" ? now - expiresInSeconds * 1000 : now - clockSkewMs;
  if (signedAt < earliest) {
    const tolerance = kind === "presigned" ? `${expiresInSeconds} sec.` : "15 min.";
    mismatch(
      `Signature expired: ${timestamp} is now earlier than ${basicTime(earliest)} (${basicTime(now)} - ${tolerance})`,
    );
  }
  const latest = now + clockSkewMs;
  if (signedAt > latest) {
    mismatch(
      `Signature not yet current: ${timestamp} is still later than ${basicTime(latest)} (${basicTime(now)} + 15 min.)`,
    );
  }
}

/** One address stands for every region's endpoint, so any region goes. */
function checkScope({ scope, timestamp }: SignatureClaim, service: string): void {
  const day = timestamp.slice(0, 8);
  if (scope.date !== day) {
    mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${day}', from '${timestamp}'.`,
    );
  }
  if (!regionPattern.test(scope.region)) mismatch("Credential should be scoped to a valid region.");
  if (scope.service !== service) mismatch(`Credential should be scoped to correct service: '${service}'.`);
  if (scope.terminator !== "aws4_request") {
    mismatch(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'.`,
    );
  }
}

async function expectedSignature(
  request: AwsRequest,
  claim: SignatureClaim,
  secretAccessKey: string,
): Promise<string> {
  const signer = new SignatureV4({
    // The session token stays where the caller put it, so the signer must not add one.
    credentials: { accessKeyId: claim.accessKeyId, secretAccessKey },
    region: claim.scope.region,
    service: claim.scope.service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const unsigned = unsignedRequest(request, claim.signedHeaders);
  const options = {
    signingDate: new Date(timestampToMs(claim.timestamp)),
    signableHeaders: new Set(claim.signedHeaders),
    unhoistableHeaders: new Set(claim.signedHeaders),
  };
  if (claim.kind === "presigned") {
    const signed = await signer.presign(unsigned, { ...options, expiresIn: claim.expiresInSeconds });
    return String(signed.query?.["X-Amz-Signature"]);
  }
  const signed = await signer.sign(unsigned, options);
  return /Signature=(\w+)$/.exec(signed.headers["authorization"] ?? "")?.[1] ?? "";
}

export type UnsignedRequest = Parameters<SignatureV4["presign"]>[0];

/** A request as it was before it was signed. */
export function unsignedRequest(request: AwsRequest, signedHeaders: ReadonlySet<string>): UnsignedRequest {
  const query = Object.fromEntries(request.query);
  for (const name of ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"]) {
    delete query[`X-Amz-${name}`];
  }
  return {
    method: request.method,
    protocol: "http:",
    hostname: request.headers["host"] ?? "",
    path: request.path,
    query,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => signedHeaders.has(name))),
    body: request.body,
  };
}

/** The signer takes a signed checksum at its word. */
function payloadMatches({ headers, body }: AwsRequest): boolean {
  const checksum = headers["x-amz-content-sha256"];
  return checksum === undefined || checksum === createHash("sha256").update(body).digest("hex");
}

function equalInConstantTime(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function basicTime(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function mismatch(message: string): never {
  throw new AwsError("SignatureDoesNotMatch", message, 403);
}
