import { createPublicKey, randomUUID, sign, type KeyObject } from "node:crypto";

/**
 * A proof of possession for one POST: a JWT, signed by the key that the login is bound to.
 *
 * @param url - the request's, without query
 * @param now - milliseconds since 1970
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export function dpopProof(key: KeyObject, url: string, now: number): string {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: "jwk" });
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } };
  const claims = { htm: "POST", htu: url, iat: Math.floor(now / 1000), jti: randomUUID() };
  const unsigned = `${base64url(header)}.${base64url(claims)}`;
  const signature = sign("sha256", Buffer.from(unsigned), { key, dsaEncoding: "ieee-p1363" });
  return `${unsigned}.${signature.toString("base64url")}`;
}

function base64url(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
