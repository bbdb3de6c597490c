import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { emptyReply, type Reply } from "../reply.ts";
import { bearerToken } from "./bearer.ts";
import type { SignIn } from "./instance.ts";

/**
 * Ends the sign-in and its tokens; sessions of roles go on.
 * https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html
 */
export function logout(request: AwsRequest, { state, clock }: World): Reply {
  const { accessTokens, refreshTokens } = state.identityCenter;
  const { signInId } = bearerToken(request, state.identityCenter, clock.now());
  for (const tokens of [accessTokens, refreshTokens]) removeAllOf(signInId, tokens);
  return emptyReply(200, "ok");
}

function removeAllOf(signInId: string, tokens: Record<string, SignIn>): void {
  for (const [token, signIn] of Object.entries(tokens)) {
    if (signIn.signInId === signInId) delete tokens[token];
  }
}
