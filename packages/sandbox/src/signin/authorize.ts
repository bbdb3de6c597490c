import { randomBytes } from "node:crypto";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { administrators } from "../initial-state.ts";
import type { Reply } from "../reply.ts";
import { invalid, SigninError, signinErrorReply } from "./signin-error.ts";
import { clientIdPattern } from "./token-input.ts";

/** AWS doesn't publish its own. */
const codeMs = 5 * 60_000;

/**
 * The page where a person signs in, without the page: the first account's administrator agrees at once, and the browser
 * is sent on with an authorization code.
 * https://docs.aws.amazon.com/signin/latest/APIReference/API_dataplane-signin_AuthorizeOAuth2Access.html
 */
export function authorizeOAuth2Access({ query }: AwsRequest, { state, clock }: World): Reply {
  try {
    const parameter = (name: string, pattern: RegExp): string => {
      const value = query.get(name) ?? "";
      return pattern.test(value) ? value : invalid(`${name} is missing or malformed`);
    };
    parameter("response_type", /^code$/);
    parameter("code_challenge_method", /^SHA-256$/);
    const clientId = parameter("client_id", clientIdPattern);
    const codeChallenge = parameter("code_challenge", /^[\w-]{43}$/);
    const redirectUri = parameter("redirect_uri", /^http:\/\/127\.0\.0\.1:\d{1,5}\/oauth\/callback$/);
    const code = randomBytes(32).toString("base64url");
    const loginSession = `arn:aws:iam::${administrators[0].id}:user/Administrator`;
    const endsAt = clock.now() + codeMs;
    state.authorizationCodes[code] = { loginSession, clientId, redirectUri, codeChallenge, endsAt };
    const location = `${redirectUri}?${new URLSearchParams({ code, state: query.get("state") ?? "" }).toString()}`;
    return { status: 302, headers: { location }, body: "", outcome: "ok", callerArn: loginSession };
  } catch (error) {
    if (error instanceof SigninError) return signinErrorReply(error);
    throw error;
  }
}
