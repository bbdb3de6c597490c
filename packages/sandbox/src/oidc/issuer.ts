import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet } from "jose";

export interface OidcIssuerOptions {
  /** The `iss` of its tokens; by default `https://issuer.example.com`. */
  url?: string;
  algorithm?: "RS256" | "ES256";
  /** Milliseconds since the epoch, by which tokens are dated; `sandbox.clock.now` where a test moves that. */
  now?: () => number;
}

/** Whoever makes identity tokens: a CI system, a cluster, a login. */
export interface OidcIssuer {
  readonly url: string;
  /** The public key, for `OidcProvider.jwks` or a JWKS endpoint. */
  readonly jwks: JSONWebKeySet;
  /**
   * A signed token. Claims are as given; `iss`, `iat` (now) and `exp` (in five minutes) are added where they aren't, and
   * left out where they are given as undefined.
   */
  sign(claims: Record<string, unknown>): Promise<string>;
}

const lifetimeSeconds = 300;

/** An issuer with a new key; another one of the same `url` is that issuer after a change of its keys. */
export async function createOidcIssuer({
  url = "https://issuer.example.com",
  algorithm = "RS256",
  now = Date.now,
}: OidcIssuerOptions = {}): Promise<OidcIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const header = { alg: algorithm, kid: randomUUID(), typ: "JWT" };
  const publicJwk = { ...(await exportJWK(publicKey)), kid: header.kid, alg: algorithm, use: "sig" };
  return {
    url,
    jwks: { keys: [publicJwk] },
    sign(claims) {
      const issuedAt = Math.floor(now() / 1000);
      const dated = { iss: url, iat: issuedAt, exp: issuedAt + lifetimeSeconds, ...claims };
      return new SignJWT(dated).setProtectedHeader(header).sign(privateKey);
    },
  };
}
