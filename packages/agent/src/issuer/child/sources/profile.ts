import type { ProfileRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { toSession } from "../exchange.ts";
import { fromSdkError } from "../sdk-error.ts";
import { profileCredentials } from "../source-credentials.ts";

/** A session of whatever a profile resolves to. */
export async function profileSession(role: ProfileRole, signal: AbortSignal): Promise<IssuedSession> {
  try {
    return await toSession(await profileCredentials(role.profile, signal), role, signal);
  } catch (error) {
    throw fromSdkError(error, `profile ${role.profile}`);
  }
}
