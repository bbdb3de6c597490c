import type { CreateTokenCommandOutput } from "@aws-sdk/client-sso-oidc";
import { RoleAgentError } from "@role-agent/provider/errors";
import { utcSeconds } from "../../../core/session.ts";

/** The settings of a token file that an answer of CreateToken decides. */
export interface TokenSettings {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken?: string;
}

/**
 * Takes a token out of its answer.
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
 */
export function tokenSettings({
  accessToken: token,
  refreshToken,
  expiresIn,
}: CreateTokenCommandOutput): TokenSettings {
  if (token === undefined || expiresIn === undefined) {
    throw new RoleAgentError("SourceUnavailable", "sso-oidc:CreateToken: the answer has no token");
  }
  return {
    accessToken: token,
    expiresAt: utcSeconds(Date.now() + expiresIn * 1000),
    ...(refreshToken !== undefined && { refreshToken }),
  };
}
