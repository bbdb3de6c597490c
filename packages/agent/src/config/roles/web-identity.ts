import type { ProofSource } from "../../core/role.ts";
import { hourSeconds } from "../limits.ts";
import { definedIn, type RoleBuilder, type RoleContext } from "../role-builder.ts";
import type { RoleTable } from "../schema/role-table.ts";
import { defaultSessionName } from "../session-name.ts";
import { filled } from "./filled.ts";
import { checkPolicyArns, policyOf } from "./policies.ts";

/** STS AssumeRoleWithWebIdentity: a token takes the place of credentials. */
export const webIdentityRole: RoleBuilder = (name, table, context, report) => {
  const policy = policyOf(table, context, report);
  checkPolicyArns(table, report);
  const { role_arn: roleArn = "", region } = table;
  return {
    name,
    definedIn: definedIn(name),
    type: "web-identity",
    roleArn,
    token: tokenOf(table, context),
    roleSessionName: filled(
      "role_session_name",
      table.role_session_name ?? defaultSessionName,
      context,
      report,
    ),
    durationSeconds: table.duration_seconds ?? hourSeconds,
    ...(policy !== undefined && { policy }),
    policyArns: table.policy_arns ?? [],
    ...(region !== undefined && { region }),
  };
};

function tokenOf(
  { web_identity_token_file: path = "", web_identity_token_process: command }: RoleTable,
  { resolvePath }: RoleContext,
): ProofSource {
  return command === undefined ? { type: "file", path: resolvePath(path) } : { type: "process", command };
}
