import { AwsError } from "../aws-error.ts";
import type { IdentityCenter } from "./instance.ts";

/** The names of the roles that the user has in an account. Throws `ForbiddenException` where there is none. */
export function assignedRoles({ assignments }: IdentityCenter, accountId: string): string[] {
  const assigned = assignments.filter((each) => each.accountId === accountId);
  if (assigned.length === 0) throw noAccess();
  return assigned.map(({ roleName }) => roleName);
}

export function noAccess(): AwsError {
  return new AwsError("ForbiddenException", "No access", 403);
}
