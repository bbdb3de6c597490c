import { checkRole, definedIn, type RoleBuilder } from "../role-builder.ts";
import { policyOf } from "./policies.ts";

/** `source_role` without `role_arn`: that role's session, narrowed by a policy. */
export const scopedRole: RoleBuilder = (name, table, context, report) => {
  const { source_role: sourceRole = "", duration_seconds: durationSeconds, region } = table;
  checkRole(sourceRole, "source_role", context, report);
  if (table.policy === undefined && table.policy_file === undefined) {
    report(
      [],
      "nothing says how source_role is narrowed",
      "add policy or policy_file; or role_arn, the role that is assumed with it",
    );
  }
  return {
    type: "scoped",
    name,
    definedIn: definedIn(name),
    sourceRole,
    policy: policyOf(table, context, report) ?? "",
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(region !== undefined && { region }),
  };
};
