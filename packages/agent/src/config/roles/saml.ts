import type { ProofSource } from "../../core/role.ts";
import { hourSeconds } from "../limits.ts";
import { definedIn, type RoleBuilder, type RoleContext } from "../role-builder.ts";
import type { RoleTable } from "../schema/role-table.ts";
import { checkPolicyArns, policyOf } from "./policies.ts";

/** STS AssumeRoleWithSAML. */
export const samlRole: RoleBuilder = (name, table, context, report) => {
  const policy = policyOf(table, context, report);
  checkPolicyArns(table, report);
  const { role_arn: roleArn = "", principal_arn: principalArn = "", region } = table;
  return {
    type: "saml",
    name,
    definedIn: definedIn(name),
    roleArn,
    principalArn,
    assertion: assertionSource(table, context),
    durationSeconds: table.duration_seconds ?? hourSeconds,
    ...(policy !== undefined && { policy }),
    policyArns: table.policy_arns ?? [],
    ...(region !== undefined && { region }),
  };
};

function assertionSource(
  { saml_assertion_file: file, saml_assertion_process: command = "" }: RoleTable,
  { resolvePath }: RoleContext,
): ProofSource {
  return file === undefined ? { type: "process", command } : { type: "file", path: resolvePath(file) };
}
