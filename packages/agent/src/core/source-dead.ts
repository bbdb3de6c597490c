import { RoleAgentError } from "@role-agent/provider/errors";

/**
 * AWS no longer accepts the session that a role was to be assumed with: deleted, revoked, or ended by AWS's clock. The
 * source must be renewed before another attempt makes sense.
 */
export class SourceDead extends RoleAgentError {
  readonly isSourceDead = true;
}
