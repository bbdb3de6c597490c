import type { RolesAnywhereRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { createSession } from "../roles-anywhere/create-session.ts";
import { rolesAnywhereEndpoint } from "../roles-anywhere/endpoint.ts";
import { readIdentity } from "../roles-anywhere/identity.ts";
import { fromSdkError } from "../sdk-error.ts";

/** A session that a certificate's key signs for. */
export async function rolesAnywhereSession(
  role: RolesAnywhereRole,
  signal: AbortSignal,
): Promise<IssuedSession> {
  try {
    const identity = await readIdentity(role, Date.now());
    const endpoint = await rolesAnywhereEndpoint(role.trustAnchorArn, role.region, process.env);
    return await createSession(role, identity, endpoint, signal);
  } catch (error) {
    throw fromSdkError(error, `rolesanywhere:CreateSession of ${role.roleArn}`);
  }
}
