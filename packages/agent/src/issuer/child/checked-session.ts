import { RoleAgentError } from "@role-agent/provider/errors";
import type { IssuedSession } from "../../core/session.ts";
import { isIssuedSession } from "../messages.ts";

/** A session that may leave the child: whole, well-formed and alive. Throws `SourceUnavailable` for any other. */
export function checkedSession(session: IssuedSession): IssuedSession {
  if (!isIssuedSession(session)) {
    throw new RoleAgentError("SourceUnavailable", "AWS's answer lacks keys, or they are malformed");
  }
  if (session.lifetimeMs <= 0) {
    throw new RoleAgentError("SourceUnavailable", "AWS's answer is a session that has already ended");
  }
  return session;
}
