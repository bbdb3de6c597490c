import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from "jose";
import { AwsError } from "../aws-error.ts";
import type { SandboxState } from "../state.ts";
import { audienceOf } from "./audience.ts";
import { issuerKeys, noKeys } from "./issuer-keys.ts";
import { trustedIssuer, type TrustedIssuer } from "./trusted-issuer.ts";

/** What a token proves. */
export interface WebIdentity {
  issuer: TrustedIssuer;
  /** `iss` as the token has it. */
  iss: string;
  subject: string;
  audience: string;
  claims: JWTPayload;
}

const algorithms = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];
const requiredClaims = ["sub", "aud", "exp", "iat"];

/**
 * Checks a token for a role of an account: its issuer is one of the account's OIDC providers and has signed it, it is for one of
 * that provider's client ids, has begun and has not ended. Throws `InvalidIdentityToken`, `ExpiredTokenException` or
 * `IDPCommunicationError`.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function verifyToken(
  token: string,
  accountId: string,
  state: SandboxState,
  now: number,
): Promise<WebIdentity> {
  const iss = unprovenIssuer(token);
  const issuer = trustedIssuer(iss, accountId, state);
  const keys = createLocalJWKSet(await issuerKeys(issuer));
  const options = { algorithms, requiredClaims, currentDate: new Date(now) };
  const { payload: claims } = await jwtVerify(token, keys, options).catch((error) => refuse(error, now));
  if ((claims.iat ?? 0) > now / 1000) invalid("The token's iat is in the future");
  const { sub: subject } = claims;
  if (typeof subject !== "string" || subject === "") return invalid("The token's sub is no text");
  refuseSessionTags(claims);
  return { issuer, iss, subject, audience: audienceOf(claims, issuer.clientIds), claims };
}

function unprovenIssuer(token: string): string {
  try {
    return decodeJwt(token).iss ?? invalid("Missing a required claim: iss");
  } catch (error) {
    if (error instanceof AwsError) throw error;
    return noJwt();
  }
}

function refuse(error: unknown, now: number): never {
  if (error instanceof errors.JWTExpired) {
    const [current, end] = [Math.floor(now / 1000), error.payload.exp];
    throw new AwsError(
      "ExpiredTokenException",
      `Token expired: current date/time ${current} must be before the expiration date/time ${end}`,
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalid(
      error.reason === "missing"
        ? `Missing a required claim: ${error.claim}`
        : `The token's ${error.claim} is not acceptable (${error.reason})`,
    );
  }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return invalid("The token's signature is invalid");
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return invalid(`The token's signature algorithm is none of ${algorithms.join(", ")}`);
  }
  return error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid ? noJwt() : noKeys();
}

/** Tags that were taken and then not checked would let in what AWS refuses. */
function refuseSessionTags(claims: JWTPayload): void {
  const claim = Object.keys(claims).find((name) => name.startsWith("https://aws.amazon.com/"));
  if (claim !== undefined) invalid(`The sandbox knows no session tags in tokens: ${claim}`);
}

function noJwt(): never {
  return invalid(
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
  );
}

function invalid(message: string): never {
  throw new AwsError("InvalidIdentityToken", message);
}
