import { AwsError } from "../aws-error.ts";
import type { Call } from "../call.ts";
import type { ActionKeys } from "../condition-context.ts";
import type { Account, Role, User } from "../state.ts";
import { authorize } from "./authorize.ts";

/** The caller's own account: IAM calls reach no other. */
export function callersAccount({ principal, state }: Call): Account {
  const account = state.accounts[principal.accountId];
  if (account === undefined) throw new AwsError("ServiceFailure", "The caller's account is gone.", 500);
  return account;
}

/** Authorizes the action on the role, then finds it; throws `AccessDenied` or `NoSuchEntity`. */
export function authorizedRole(call: Call, action: string, roleName: string, actionKeys?: ActionKeys): Role {
  const account = callersAccount(call);
  const role = account.roles[roleName];
  authorize(call, action, role?.arn ?? `arn:aws:iam::${account.id}:role/${roleName}`, actionKeys);
  if (role === undefined) throw noSuchEntity(`The role with name ${roleName} cannot be found.`);
  return role;
}

/** Authorizes the action on the user, then finds them; throws `AccessDenied` or `NoSuchEntity`. */
export function authorizedUser(call: Call, action: string, userName: string, actionKeys?: ActionKeys): User {
  const account = callersAccount(call);
  const user = account.users[userName];
  authorize(call, action, user?.arn ?? `arn:aws:iam::${account.id}:user/${userName}`, actionKeys);
  if (user === undefined) throw noSuchEntity(`The user with name ${userName} cannot be found.`);
  return user;
}

/** Names are unique whatever their case. */
export function refuseTakenName(kind: "Role" | "User", name: string, taken: Record<string, unknown>): void {
  if (Object.keys(taken).some((other) => other.toLowerCase() === name.toLowerCase())) {
    throw new AwsError("EntityAlreadyExists", `${kind} with name ${name} already exists.`, 409);
  }
}

/** The user that a call means when it names none: the caller. */
export function callersUserName({ principal }: Call): string {
  if (principal.kind === "user") return principal.user.userName;
  throw new AwsError("ValidationError", "Must specify userName when calling with non-User credentials");
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError("NoSuchEntity", message, 404);
}

export function limitExceeded(quota: string, limit: number): AwsError {
  return new AwsError("LimitExceeded", `Cannot exceed quota for ${quota}: ${limit}`, 409);
}

export function deleteConflict(what: string): AwsError {
  return new AwsError("DeleteConflict", `Cannot delete entity, must ${what} first.`, 409);
}
