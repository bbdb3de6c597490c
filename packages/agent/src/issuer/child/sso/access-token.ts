import { CreateTokenCommand } from "@aws-sdk/client-sso-oidc";
import { RoleAgentError } from "@role-agent/provider/errors";
import { printable } from "../../../core/printable.ts";
import type { SsoRole } from "../../../core/role.ts";
import { utcSeconds } from "../../../core/session.ts";
import { shellWord } from "../../../core/shell-word.ts";
import { fromSdkError } from "../sdk-error.ts";
import { withoutSecrets } from "../without-secrets.ts";
import { oidcClient } from "./clients.ts";
import { loginRequired } from "./login-required.ts";
import { tokenSettings } from "./token-answer.ts";
import { readToken, writeToken, type SsoToken } from "./token-file.ts";

/** Half the life of an access token: it is renewed when less is left. */
const earlyMs = 30 * 60_000;
/** Longest time for the renewal of a token that is still good: the session must be had with it, too. */
const patienceMs = 4000;

/** What sso-oidc says of a refresh token or client that only another sign-in replaces. */
const endedSignIn: ReadonlySet<string> = new Set([
  "InvalidGrantException",
  "ExpiredTokenException",
  "InvalidClientException",
  "UnauthorizedClientException",
  "AccessDeniedException",
]);

/** Renewals under way by token file: AWS takes a refresh token once, so that no two may send it. */
const renewals = new Map<string, Promise<SsoToken>>();

/**
 * The access token of a role's sign-in, renewed with its refresh token long before its end. Other programs see the
 * renewed one. Rejects with `LoginRequired` where a person must sign in.
 */
export async function accessToken(role: SsoRole, signal: AbortSignal): Promise<string> {
  const token = existingToken(role);
  const isGood = isAlive(token);
  const isDue = token.expiresAt - Date.now() < earlyMs;
  if (isDue && hasRefreshToken(token)) {
    const limit = isGood ? AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) : signal;
    try {
      return (await renewOnce(role, token, limit)).accessToken;
    } catch (error) {
      if (!isGood) throw error;
    }
  }
  if (isGood) return token.accessToken;
  throw loginRequired(role, `the sign-in to ${signInName(role)} ended at ${utcSeconds(token.expiresAt)}`);
}

function existingToken(role: SsoRole): SsoToken {
  const token = readToken(role.tokenFile);
  if (token === undefined) throw loginRequired(role, `nobody is signed in to ${signInName(role)}`);
  if (token.region === undefined || token.region === role.ssoRegion) return token;
  throw new RoleAgentError(
    "InvalidConfiguration",
    `the token of ${signInName(role)} is of the region ${printable(token.region).slice(0, 40)}, not of ${role.ssoRegion}`,
    { hint: `correct sso_region, or sign in again: role-agent login ${shellWord(role.loginAs)}` },
  );
}

function signInName({ sessionName, startUrl }: SsoRole): string {
  return printable(sessionName ?? startUrl);
}

function isAlive({ expiresAt }: SsoToken): boolean {
  return expiresAt > Date.now();
}

type RenewableToken = SsoToken & Readonly<Record<"refreshToken" | "clientId" | "clientSecret", string>>;

function hasRefreshToken(token: SsoToken): token is RenewableToken {
  const { refreshToken, clientId, clientSecret, registrationExpiresAt = Infinity } = token;
  return (
    refreshToken !== undefined &&
    clientId !== undefined &&
    clientSecret !== undefined &&
    registrationExpiresAt > Date.now()
  );
}

async function renewOnce(role: SsoRole, token: RenewableToken, signal: AbortSignal): Promise<SsoToken> {
  const path = role.tokenFile;
  const renewal = renewals.get(path) ?? renew(role, token, signal).finally(() => void renewals.delete(path));
  renewals.set(path, renewal);
  return renewal;
}

async function renew(role: SsoRole, token: RenewableToken, signal: AbortSignal): Promise<SsoToken> {
  const { refreshToken, clientId, clientSecret } = token;
  try {
    const { client } = await oidcClient(role);
    const command = new CreateTokenCommand({
      grantType: "refresh_token",
      refreshToken,
      clientId,
      clientSecret,
    });
    const answer = await client.send(command, { abortSignal: signal });
    writeToken(role.tokenFile, { ...token.document, ...tokenSettings(answer) });
    return existingToken(role);
  } catch (error) {
    // Another program, such as the AWS CLI, may have been faster with it.
    const newest = readToken(role.tokenFile);
    if (newest !== undefined && newest.accessToken !== token.accessToken && isAlive(newest)) return newest;
    if (error instanceof Error && endedSignIn.has(error.name)) {
      throw loginRequired(role, `the sign-in to ${signInName(role)} has ended: ${error.name}`, error);
    }
    throw fromSdkError(
      withoutSecrets(error, [refreshToken, clientSecret]),
      `sso-oidc:CreateToken of ${signInName(role)}`,
    );
  }
}
