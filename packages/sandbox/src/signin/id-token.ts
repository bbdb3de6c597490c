import { generateKeyPair, SignJWT } from "jose";
import type { Login } from "../state.ts";

/** Says who has signed in. Clients only read it, and AWS publishes no key for it; here each has a key of its own. */
export async function idToken({ loginSession, clientId }: Login, now: number): Promise<string> {
  const { privateKey } = await generateKeyPair("ES384");
  const issuedAt = Math.floor(now / 1000);
  const claims = {
    iss: "https://signin.aws.amazon.com/signin",
    sub: loginSession,
    aud: clientId,
    session_arn: loginSession,
    iat: issuedAt,
    exp: issuedAt + 900,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: "ES384", typ: "JWT" }).sign(privateKey);
}
