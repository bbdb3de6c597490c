import { randomBytes, randomUUID } from "node:crypto";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import type { Login, Session } from "../state.ts";
import { findIdentity, newKeys } from "./identity.ts";
import { checkPermission } from "./permission.ts";
import { SigninError } from "./signin-error.ts";

/** A login lasts twelve hours: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html */
const loginMs = 12 * 3_600_000;

/** The keys and the refresh token that a login gives. */
export interface Grant {
  session: Session;
  refreshToken: string;
}

/** A new login, without keys yet. Throws a RangeError for an unknown identity. */
export function openLogin(
  { state, clock }: World,
  { loginSession, clientId, keyThumbprint }: Pick<Login, "loginSession" | "clientId" | "keyThumbprint">,
): Login {
  const identity = findIdentity(loginSession, state);
  if (identity === undefined) throw new RangeError(`nobody can sign in as ${loginSession}`);
  const id = randomUUID();
  const login: Login = {
    loginSession,
    identityId: identity.id,
    clientId,
    keyThumbprint,
    endsAt: clock.now() + loginMs,
    credentialsChanged: false,
    refreshToken: newRefreshToken(id),
    spent: undefined,
  };
  state.logins[id] = login;
  return login;
}

/** The login that a refresh token is of; undefined where it is unknown, or neither the newest nor the one before. */
export function loginOf(refreshToken: string, { state }: World): Login | undefined {
  const login = state.logins[refreshToken.split(".")[0] ?? ""];
  return [login?.refreshToken, login?.spent?.refreshToken].includes(refreshToken) ? login : undefined;
}

/**
 * Keys for the refresh token: new ones and another refresh token, or once more what the one before has brought, as long
 * as that lives. Throws `AccessDeniedException`.
 */
export function redeem(login: Login, refreshToken: string, request: AwsRequest, world: World): Grant {
  const { state, clock } = world;
  const now = clock.now();
  if (now >= login.endsAt) throw new SigninError("TOKEN_EXPIRED", "The session has ended");
  if (login.credentialsChanged || findIdentity(login.loginSession, state)?.id !== login.identityId) {
    throw new SigninError("USER_CREDENTIALS_CHANGED", "The user's credentials have changed");
  }
  checkPermission(login, request, world);
  if (refreshToken === login.refreshToken) return issue(login, world);
  const session = state.sessions[login.spent?.accessKeyId ?? ""];
  if (session !== undefined && now < session.expiresAt) return { session, refreshToken: login.refreshToken };
  throw new SigninError("TOKEN_EXPIRED", "The refresh token was used before");
}

/** New keys and another refresh token. Throws `AccessDeniedException`. */
export function issue(login: Login, { state, settings, clock }: World): Grant {
  const keys = newKeys(login.loginSession, { state, settings, now: clock.now() });
  if (keys === undefined) throw new SigninError("USER_CREDENTIALS_CHANGED", "The identity is gone");
  const { session } = keys;
  session.expiresAt = Math.min(session.expiresAt, login.endsAt);
  state.sessions[session.accessKeyId] = session;
  login.spent = { refreshToken: login.refreshToken, accessKeyId: session.accessKeyId };
  login.refreshToken = newRefreshToken(login.refreshToken.split(".")[0] ?? "");
  return { session, refreshToken: login.refreshToken };
}

function newRefreshToken(id: string): string {
  return `${id}.${randomBytes(48).toString("base64url")}`;
}
