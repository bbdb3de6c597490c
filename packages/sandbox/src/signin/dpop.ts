import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTVerifyResult } from "jose";
import type { AwsRequest } from "../aws-request.ts";
import type { SandboxState } from "../state.ts";
import { invalid } from "./signin-error.ts";

/** RFC 9449 leaves the window to the server, and AWS doesn't publish its own. */
const windowSeconds = 300;

/**
 * Checks a request's proof of possession, which is taken once, and answers the SHA-256 thumbprint of its key. Throws
 * `ValidationException`.
 * https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export async function verifyDpop(request: AwsRequest, state: SandboxState, now: number): Promise<string> {
  const { headers, method, path } = request;
  const proof = headers["dpop"] ?? invalid("The DPoP header is missing");
  const { payload, protectedHeader } = await verified(proof);
  const { htm, htu, iat, jti } = payload;
  if (htm !== method) invalid("The DPoP proof's htm is not the request's method");
  if (htu !== `http://${headers["host"]}${path}`) invalid("The DPoP proof's htu is not the request's URL");
  if (typeof iat !== "number" || Math.abs(now / 1000 - iat) > windowSeconds) {
    return invalid("The DPoP proof's iat is too far from the present");
  }
  if (typeof jti !== "string" || jti === "") return invalid("The DPoP proof has no jti");
  if (state.usedProofs[jti] !== undefined) return invalid("The DPoP proof was used before");
  state.usedProofs[jti] = now;
  return calculateJwkThumbprint(protectedHeader.jwk ?? invalid("The DPoP proof has no jwk"));
}

async function verified(proof: string): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(proof, EmbeddedJWK, { typ: "dpop+jwt", algorithms: ["ES256"] });
  } catch {
    return invalid("The DPoP proof is no JWT of typ dpop+jwt, signed with ES256 by the key in its jwk");
  }
}
