import { uniqueId } from "./identifiers.ts";
import { record } from "./record.ts";
import type { Role, User } from "./state.ts";
import type { Tags } from "./tags.ts";

export function newUser(init: {
  accountId: string;
  userName: string;
  path: string;
  createdAt: number;
  tags?: Tags;
}): User {
  const { accountId, tags = {}, ...named } = init;
  return {
    ...named,
    tags,
    arn: `arn:aws:iam::${accountId}:user${named.path}${named.userName}`,
    userId: uniqueId("AIDA"),
    attachedPolicies: [],
    inlinePolicies: record(),
  };
}

export function newRole(
  init: Pick<
    Role,
    "roleName" | "path" | "createdAt" | "trustPolicy" | "description" | "maxSessionDuration" | "tags"
  > & {
    accountId: string;
  },
): Role {
  const { accountId, ...named } = init;
  return {
    ...named,
    arn: `arn:aws:iam::${accountId}:role${named.path}${named.roleName}`,
    roleId: uniqueId("AROA"),
    attachedPolicies: [],
    inlinePolicies: record(),
  };
}
