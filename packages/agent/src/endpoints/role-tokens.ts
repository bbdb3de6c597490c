import { createHash, timingSafeEqual } from "node:crypto";
import { RoleAgentError } from "@role-agent/provider/errors";

/** Tells which role a token is for; undefined for a token that is nobody's. */
export type RoleOfToken = (token: string) => string | undefined;

/**
 * Compares with every token in constant time, over SHA-256 so that lengths tell nothing either.
 *
 * @param tokens The token of each role, by the role's name.
 * @throws RoleAgentError `InvalidConfiguration` where two roles have the same: it would be a token of both
 */
export function roleOfToken(tokens: ReadonlyMap<string, string>): RoleOfToken {
  if (new Set(tokens.values()).size < tokens.size) {
    throw new RoleAgentError(
      "InvalidConfiguration",
      `two of the roles ${[...tokens.keys()].join(", ")} have the same token`,
      {
        hint: "give each a token of its own",
      },
    );
  }
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
