import type { Role } from "../core/role.ts";

/** A one-time code, an assertion or a refresh token may have reached AWS, which takes it once. */
const notRepeatable: ReadonlySet<Role["type"]> = new Set(["session-token", "saml", "sso", "login"]);

/** Whether a call for the role may be sent once more before it is known what became of the first. */
export function isRepeatable({ type }: Role): boolean {
  return !notRepeatable.has(type);
}
