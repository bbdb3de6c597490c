import { randomBytes } from "node:crypto";
import { newRole } from "../new-entities.ts";
import type { Account, Role } from "../state.ts";
import type { IdentityCenter } from "./instance.ts";

const maxSessionSeconds = 43_200;

/**
 * The role that a permission set has in an account, made when it is first needed.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function reservedRole(
  account: Account,
  permissionSet: string,
  identityCenter: IdentityCenter,
  now: number,
): Role {
  const path = rolePath(identityCenter);
  const prefix = `AWSReservedSSO_${permissionSet}_`;
  const existing = Object.values(account.roles).find(
    (role) => role.path === path && role.roleName.replace(/[0-9a-f]{16}$/, "") === prefix,
  );
  if (existing !== undefined) return existing;
  const role = newRole({
    accountId: account.id,
    roleName: prefix + randomBytes(8).toString("hex"),
    path,
    createdAt: now,
    trustPolicy: trustPolicy(account.id),
    description: undefined,
    maxSessionDuration: maxSessionSeconds,
    tags: {},
  });
  role.attachedPolicies.push(...(identityCenter.permissionSets[permissionSet] ?? []));
  account.roles[role.roleName] = role;
  return role;
}

function rolePath({ region }: IdentityCenter): string {
  return `/aws-reserved/sso.amazonaws.com/${region === "us-east-1" ? "" : `${region}/`}`;
}

function trustPolicy(accountId: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: `arn:aws:iam::${accountId}:saml-provider/AWSSSO_DO_NOT_DELETE` },
        Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
      },
    ],
  });
}
