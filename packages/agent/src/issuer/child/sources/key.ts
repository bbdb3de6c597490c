import type { KeyRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { toSession } from "../exchange.ts";
import { fromSdkError } from "../sdk-error.ts";
import { storedKey } from "../stored-key.ts";

/** A session of the user whose key is kept. */
export async function keySession(
  role: KeyRole,
  passphrase: string | undefined,
  signal: AbortSignal,
): Promise<IssuedSession> {
  try {
    return await toSession(await storedKey(role.source, passphrase), role, signal);
  } catch (error) {
    throw fromSdkError(error, `role ${role.name}`);
  }
}
