import type { Certificate } from "./certificate.ts";

/** SHA-1 and MD5, which AWS refuses: with RSA, DSA and ECDSA. */
const weakSignatures: ReadonlySet<string> = new Set([
  "1.2.840.113549.1.1.4",
  "1.2.840.113549.1.1.5",
  "1.2.840.10040.4.3",
  "1.2.840.10045.4.1",
]);

const longestChain = 5;

/**
 * What keeps a certificate from authenticating by itself, or undefined.
 * https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
 */
export function leafProblem(leaf: Certificate): string | undefined {
  if (leaf.isCa !== false) return "must have basic constraints with CA: false";
  if (leaf.keyUsage?.includes("digitalSignature") !== true)
    return "must have the key usage Digital Signature";
  return commonProblem(leaf);
}

/** What keeps a certificate from being a trust anchor, or undefined. */
export function anchorProblem(anchor: Certificate): string | undefined {
  if (anchor.isCa !== true) return "must have basic constraints with CA: true";
  if (anchor.keyUsage?.includes("keyCertSign") !== true) return "must have the key usage Certificate Sign";
  return commonProblem(anchor);
}

/**
 * Why no path leads from the leaf over some of the others to the anchor at `now`, or undefined: each certificate
 * is in time, and is signed by the next, which is a CA's.
 */
export function pathProblem(
  leaf: Certificate,
  others: readonly Certificate[],
  anchor: Certificate,
  now: number,
): string | undefined {
  let current = leaf;
  for (let length = 0; length <= longestChain; length += 1) {
    if (now < Date.parse(current.x509.validFrom)) return "is not yet valid";
    if (now > Date.parse(current.x509.validTo)) return "has expired";
    if (current.x509.fingerprint256 === anchor.x509.fingerprint256) return undefined;
    const subject = current;
    const issuer = [anchor, ...others].find((each) => issued(each, subject));
    if (issuer === undefined) return "is not trusted by the trust anchor";
    current = issuer;
  }
  return "has too long a chain";
}

function issued(issuer: Certificate, { x509 }: Certificate): boolean {
  return (
    anchorProblem(issuer) === undefined && x509.checkIssued(issuer.x509) && x509.verify(issuer.x509.publicKey)
  );
}

function commonProblem({ version, signatureAlgorithm }: Certificate): string | undefined {
  if (version !== 3) return "must be an X.509v3 certificate";
  return weakSignatures.has(signatureAlgorithm) ? "must be signed with SHA-256 or stronger" : undefined;
}
