import { RoleAgentError } from "@role-agent/provider/errors";
import type { ProofSource } from "../../core/role.ts";
import { proofName, readProof } from "./read-proof.ts";

/** WebIdentityToken's. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
const shortest = 4;
const longest = 20_000;

/** The token isn't one that AWS accepts; the next one may be. */
export class TokenError extends RoleAgentError {}

/** The token as it is now, without the white space around it. It is never part of an error. */
export async function identityToken(source: ProofSource, signal: AbortSignal): Promise<string> {
  const text = await readProof(source, "web_identity_token", signal);
  const token = text.trim();
  const problem = tokenProblem(token);
  if (problem !== undefined) {
    throw new TokenError("InvalidConfiguration", `${proofName(source, "web_identity_token")} ${problem}`, {
      hint: "it must hold one identity token and nothing else",
    });
  }
  return token;
}

/** When a JWT ends by its own account, in milliseconds since 1970; undefined where it doesn't say, or is no JWT. */
export function tokenEnd(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const isEnding = typeof claims === "object" && claims !== null && "exp" in claims;
    const end = isEnding ? Number(claims.exp) * 1000 : Number.NaN;
    return Number.isNaN(new Date(end).getTime()) ? undefined : end;
  } catch {
    return undefined;
  }
}

function tokenProblem(token: string): string | undefined {
  if (token === "") return "has no token: it is empty";
  if (token.length < shortest || token.length > longest) {
    return `has ${token.length} characters; AWS takes ${shortest} to ${longest}`;
  }
  return /^[\x21-\x7e]+$/.test(token)
    ? undefined
    : "has white space or characters other than ASCII in its token";
}
