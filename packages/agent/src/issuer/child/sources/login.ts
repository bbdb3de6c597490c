import type { LoginRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { renewLogin } from "../login-session/renew.ts";
import { readLoginToken, type LoginToken } from "../login-session/token-file.ts";

/** Half of the 15 minutes that AWS gives the keys of a login. */
const halfLifeMs = 450_000;

/**
 * A session of a console login of the AWS CLI: its keys as its file has them, unless they are the ones that are to be
 * replaced or more than half of their life is over; else renewed ones.
 *
 * A renewal that fails is no failure as long as the file has other keys than the agent holds: those of a first session
 * still live, and the AWS CLI or a person may just have put new ones there.
 *
 * @param heldKey - access key id of the session that the agent wants to replace
 */
export async function loginSession(
  role: LoginRole,
  heldKey: string | undefined,
  signal: AbortSignal,
): Promise<IssuedSession> {
  const token = await readLoginToken(role);
  const cached = sessionIn(token);
  if (cached.accessKeyId !== heldKey && cached.lifetimeMs > halfLifeMs) return cached;
  try {
    return await renewLogin(role, token, signal);
  } catch (error) {
    const other = sessionIn(await readLoginToken(role));
    if (other.accessKeyId !== heldKey && other.lifetimeMs > 0) return other;
    throw error;
  }
}

function sessionIn({ accessToken }: LoginToken): IssuedSession {
  const { accessKeyId, secretAccessKey, sessionToken, accountId } = accessToken;
  const receivedAt = Date.now();
  const expiresAt = Date.parse(accessToken.expiresAt);
  const lifetimeMs = expiresAt - receivedAt;
  const keys = { accessKeyId, secretAccessKey, sessionToken, accountId };
  return { ...keys, expiresAt, receivedAt, lifetimeMs, byAwsClock: "nothing" };
}
