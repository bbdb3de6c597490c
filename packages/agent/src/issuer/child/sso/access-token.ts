import { setTimeout as sleep } from "node:timers/promises";
import { CreateTokenCommand } from "@aws-sdk/client-sso-oidc";
import { RoleAgentError } from "@role-agent/provider/errors";
import { printable } from "../../../core/printable.ts";
import type { SsoRole } from "../../../core/role.ts";
import { utcSeconds } from "../../../core/session.ts";
import { signInName, ssoLoginCommand } from "../../../core/sign-in-command.ts";
import { renewalKept, Renewals } from "../renewals.ts";
import { fromSdkError } from "../sdk-error.ts";
import { withoutSecrets } from "../without-secrets.ts";
import { oidcClient } from "./clients.ts";
import { ssoLoginRequired } from "./sso-login-required.ts";
import { tokenSettings, type TokenSettings } from "./token-answer.ts";
import { nextToken, readToken, tokenIn, type SsoToken } from "./token-file.ts";

/** Half the life of an access token: it is renewed when less is left. */
const earlyMs = 30 * 60_000;
/** Longest time for the renewal of a token that is still good: the session must be had with it, too. */
const patienceMs = 4000;
/** How long another program may take to write what it got for the refresh token. */
const rivalMs = 1000;

/** What sso-oidc says of a refresh token or client that only another sign-in replaces. */
const endedSignIn: ReadonlySet<string> = new Set([
  "InvalidGrantException",
  "ExpiredTokenException",
  "InvalidClientException",
  "UnauthorizedClientException",
  "AccessDeniedException",
]);

const renewals = new Renewals<SsoToken>();

/**
 * The access token of a role's sign-in, renewed with its refresh token long before its end. Other programs see the
 * renewed one. Rejects with `LoginRequired` where a person must sign in.
 */
export async function accessToken(role: SsoRole, signal: AbortSignal): Promise<string> {
  const token = await existingToken(role);
  const isGood = isAlive(token);
  const isDue = token.expiresAt - Date.now() < earlyMs;
  if (isDue && isRenewable(token)) {
    try {
      return (await renewed(role, token, isGood ? AbortSignal.timeout(patienceMs) : signal)).accessToken;
    } catch (error) {
      if (!isGood) throw error;
    }
  }
  if (isGood) return token.accessToken;
  throw ssoLoginRequired(role, `the sign-in to ${nameOf(role)} ended at ${utcSeconds(token.expiresAt)}`);
}

/**
 * The successor of an access token that the portal refuses before its end, as after another sign-in elsewhere. Rejects
 * with `LoginRequired` where there is none.
 */
export async function successorOf(refused: string, role: SsoRole, signal: AbortSignal): Promise<string> {
  const token = await existingToken(role);
  if (token.accessToken !== refused && isAlive(token)) return token.accessToken;
  if (isRenewable(token)) return (await renewed(role, token, signal)).accessToken;
  throw ssoLoginRequired(role, `${nameOf(role)}: Identity Center no longer accepts the sign-in`);
}

async function existingToken(role: SsoRole): Promise<SsoToken> {
  return tokenFor(role, await readToken(role.tokenFile));
}

function tokenFor(role: SsoRole, token: SsoToken | undefined): SsoToken {
  if (token === undefined) throw ssoLoginRequired(role, `nobody is signed in to ${nameOf(role)}`);
  if (token.region === undefined || token.region === role.ssoRegion) return token;
  throw new RoleAgentError(
    "InvalidConfiguration",
    `the token of ${nameOf(role)} is of the region ${printable(token.region).slice(0, 40)}, not of ${role.ssoRegion}`,
    { hint: `correct sso_region, or sign in again: ${ssoLoginCommand(role)}` },
  );
}

function nameOf(role: SsoRole): string {
  return printable(signInName(role));
}

function isAlive({ expiresAt }: SsoToken): boolean {
  return expiresAt > Date.now();
}

type RenewableToken = SsoToken & Readonly<Record<"refreshToken" | "clientId" | "clientSecret", string>>;

function isRenewable(token: SsoToken): token is RenewableToken {
  const { refreshToken, clientId, clientSecret, registrationExpiresAt = Infinity } = token;
  return (
    refreshToken !== undefined &&
    clientId !== undefined &&
    clientSecret !== undefined &&
    registrationExpiresAt > Date.now()
  );
}

async function renewed(role: SsoRole, token: RenewableToken, signal: AbortSignal): Promise<SsoToken> {
  try {
    return await renewals.join(token.refreshToken, async (own) => renew(role, token, own), signal);
  } catch (error) {
    if (isEndedSignIn(error)) {
      throw ssoLoginRequired(role, `the sign-in to ${nameOf(role)} has ended: ${error.name}`, error);
    }
    throw fromSdkError(error, `sso-oidc:CreateToken of ${nameOf(role)}`);
  }
}

function isEndedSignIn(error: unknown): error is Error {
  return error instanceof Error && endedSignIn.has(error.name);
}

async function renew(role: SsoRole, token: RenewableToken, signal: AbortSignal): Promise<SsoToken> {
  const next = nextToken(role.tokenFile);
  try {
    const settings = await createToken(role, token, signal);
    // A file that can't be read just now must not cost what AWS gives once.
    const newest = tokenFor(role, await readToken(role.tokenFile).catch(() => token));
    if (isNewer(newest, token)) return newest;
    const document = { ...token.document, ...settings };
    renewalKept(next.put(document));
    return tokenFor(role, tokenIn(document));
  } catch (error) {
    const newest = await rivalsToken(role, token, error);
    if (newest === undefined) throw error;
    return newest;
  } finally {
    next.discard();
  }
}

async function createToken(
  role: SsoRole,
  { refreshToken, clientId, clientSecret }: RenewableToken,
  signal: AbortSignal,
): Promise<TokenSettings> {
  const { client } = await oidcClient(role);
  const grant = { grantType: "refresh_token", refreshToken, clientId, clientSecret };
  try {
    return tokenSettings(await client.send(new CreateTokenCommand(grant), { abortSignal: signal }));
  } catch (error) {
    throw withoutSecrets(error, [refreshToken, clientSecret]);
  }
}

/** Another program, such as the AWS CLI, may have been faster, and may yet have to write what it got. */
async function rivalsToken(role: SsoRole, old: SsoToken, error: unknown): Promise<SsoToken | undefined> {
  const newest = await readToken(role.tokenFile);
  if (newest !== undefined && isNewer(newest, old)) return newest;
  if (!isEndedSignIn(error)) return undefined;
  await sleep(rivalMs);
  const last = await readToken(role.tokenFile);
  return last !== undefined && isNewer(last, old) ? last : undefined;
}

/** Whether somebody else has put a token there that is good. */
function isNewer(newest: SsoToken, { accessToken: old }: SsoToken): boolean {
  return newest.accessToken !== old && isAlive(newest);
}
