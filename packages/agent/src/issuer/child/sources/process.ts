import type { ProcessRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { toSession } from "../exchange.ts";
import { processCredentials } from "../process-credentials.ts";
import { fromSdkError } from "../sdk-error.ts";

/** A session of what a credential_process prints. */
export async function processSession(role: ProcessRole, signal: AbortSignal): Promise<IssuedSession> {
  try {
    return await toSession(await processCredentials(role.command, signal), role, signal);
  } catch (error) {
    throw fromSdkError(error, `role ${role.name}`);
  }
}
