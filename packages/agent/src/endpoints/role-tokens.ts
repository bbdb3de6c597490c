import { createHash, timingSafeEqual } from "node:crypto";

/** Tells which role a token is for; undefined for a token that is nobody's. */
export type RoleOfToken = (token: string) => string | undefined;

/**
 * Compares with every token in constant time, over SHA-256 so that lengths tell nothing either.
 *
 * @param tokens The token of each role, by the role's name.
 */
export function roleOfToken(tokens: ReadonlyMap<string, string>): RoleOfToken {
  const digests = [...tokens].map(([role, token]) => ({ role, digest: sha256(token) }));
  return (token) => {
    const digest = sha256(token);
    let found: string | undefined;
    for (const known of digests) {
      if (timingSafeEqual(known.digest, digest)) found = known.role;
    }
    return found;
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
