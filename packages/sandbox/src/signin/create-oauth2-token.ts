import { createHash } from "node:crypto";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { jsonReply, type Reply } from "../reply.ts";
import type { Login } from "../state.ts";
import { verifyDpop } from "./dpop.ts";
import { idToken } from "./id-token.ts";
import { issue, loginOf, openLogin, redeem, type Grant } from "./login.ts";
import { checkPermission } from "./permission.ts";
import { invalid, SigninError, signinErrorReply } from "./signin-error.ts";
import { readTokenInput, type TokenInput } from "./token-input.ts";

/**
 * Keys for an authorization code or a refresh token. Nobody signs the call: a DPoP proof shows that it comes from
 * where the login was made.
 * https://docs.aws.amazon.com/signin/latest/APIReference/API_dataplane-signin_CreateOAuth2Token.html
 */
export async function createOAuth2Token(request: AwsRequest, world: World): Promise<Reply> {
  try {
    const { state, clock } = world;
    const input = readTokenInput(request);
    const thumbprint = await verifyDpop(request, state, clock.now());
    return input.grantType === "refresh_token"
      ? refresh(input, thumbprint, request, world)
      : await open(input, thumbprint, request, world);
  } catch (error) {
    if (error instanceof SigninError) return signinErrorReply(error);
    throw error;
  }
}

function refresh(
  { clientId, refreshToken }: Extract<TokenInput, { grantType: "refresh_token" }>,
  thumbprint: string,
  request: AwsRequest,
  world: World,
): Reply {
  const login = loginOf(refreshToken, world) ?? invalid("The refresh token is invalid");
  if (login.clientId !== clientId) invalid("The refresh token is another client's");
  if (login.keyThumbprint !== thumbprint) invalid("The refresh token is bound to another key");
  return answer(redeem(login, refreshToken, request, world), login, world);
}

async function open(
  input: Extract<TokenInput, { grantType: "authorization_code" }>,
  keyThumbprint: string,
  request: AwsRequest,
  world: World,
): Promise<Reply> {
  const { state, clock } = world;
  const { clientId, redirectUri, codeVerifier } = input;
  const code = state.authorizationCodes[input.code];
  delete state.authorizationCodes[input.code];
  if (code === undefined || clock.now() >= code.endsAt) {
    throw new SigninError("AUTHCODE_EXPIRED", "The authorization code has expired or was used before");
  }
  if (code.clientId !== clientId) invalid("The authorization code is another client's");
  if (code.redirectUri !== redirectUri) invalid("redirectUri is not the one of the authorization");
  if (createHash("sha256").update(codeVerifier).digest("base64url") !== code.codeChallenge) {
    invalid("codeVerifier does not fit the code challenge");
  }
  const login = openLogin(world, { loginSession: code.loginSession, clientId, keyThumbprint });
  checkPermission(login, request, world);
  const grant = issue(login, world);
  return answer(grant, login, world, await idToken(login, clock.now()));
}

function answer({ session, refreshToken }: Grant, login: Login, { clock }: World, token?: string): Reply {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = session;
  const body = {
    accessToken: { accessKeyId, secretAccessKey, sessionToken },
    tokenType: "aws_sigv4",
    expiresIn: Math.min(900, Math.floor((expiresAt - clock.now()) / 1000)),
    refreshToken,
    ...(token !== undefined && { idToken: token }),
  };
  return jsonReply(200, body, "ok", login.loginSession);
}
