import { RoleAgentError } from "@role-agent/provider/errors";
import { OperationMissing } from "./operation-missing.ts";
import type { AssumeRole, IssuableRole, Role, ScopedRole } from "./role.ts";
import type { RoleSession } from "./session.ts";

/** AssumeRole gives no shorter session. */
const shortestAssumedSeconds = 900;

/** How far a session is narrowed. */
export interface Scope {
  /** What is allowed at most, JSON text. */
  readonly policy: string;
  /** To the end of the narrowed session where absent. */
  readonly durationSeconds?: number;
}

/** Obtains a session of a role, with that of its own parent where it has one. */
export type IssueByParent = (role: IssuableRole) => Promise<RoleSession>;

/**
 * A session of a role that narrows another. Where its endpoint has no GetScopedCredentials, the other role is assumed
 * anew with the same policy, if that gives the same rights.
 *
 * @param source - the role that is narrowed
 */
export async function scopedSession(
  role: ScopedRole,
  source: Role | undefined,
  issue: IssueByParent,
): Promise<RoleSession> {
  try {
    return { ...(await issue(role)), scopedBy: "GetScopedCredentials" };
  } catch (error) {
    if (!(error instanceof OperationMissing)) throw error;
    return { ...(await issue(assumedInstead(role, source, error))), scopedBy: "AssumeRole" };
  }
}

/** Whether a session ends when the one it was narrowed from does, give or take the second that AWS counts in. */
export function endsWith({ scopedBy, expiresAt }: RoleSession, source: RoleSession): boolean {
  return scopedBy === "GetScopedCredentials" && expiresAt >= source.expiresAt - 1000;
}

function assumedInstead(
  { name, definedIn, policy, durationSeconds }: ScopedRole,
  source: Role | undefined,
  missing: OperationMissing,
): AssumeRole {
  if (source?.type !== "assume-role") {
    throw impossible(missing, "only a role of AssumeRole can be assumed anew instead: name another region");
  }
  if (source.policy !== undefined || source.policyArns.length > 0) {
    const own = "the source role has a session policy of its own, and AssumeRole takes no second one";
    throw impossible(missing, `${own}: put both into one, or name another region`);
  }
  const seconds = Math.min(durationSeconds ?? source.durationSeconds, source.durationSeconds);
  if (seconds < shortestAssumedSeconds) {
    throw impossible(missing, `AssumeRole would do it, but for ${shortestAssumedSeconds} seconds at least`);
  }
  return { ...source, name, definedIn, policy, durationSeconds: seconds };
}

function impossible({ message }: OperationMissing, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", message, { hint });
}
