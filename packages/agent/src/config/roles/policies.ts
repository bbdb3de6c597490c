import { accountOf } from "../arn.ts";
import type { Report, RoleContext } from "../role-builder.ts";
import type { RoleTable } from "../schema/role-table.ts";
import { policyProblem } from "../session-policy.ts";
import { quoted } from "../words.ts";

/** The session policy of a table, inline or from its file. */
export function policyOf(
  { policy, policy_file: path }: RoleTable,
  { readPolicy }: RoleContext,
  report: Report,
): string | undefined {
  if (path === undefined) return policy;
  const file = readPolicy(path);
  if (!("text" in file)) {
    report(["policy_file"], `${quoted(path)} ${file.problem}`, file.hint);
    return undefined;
  }
  const problem = policyProblem(file.text);
  if (problem !== undefined) report(["policy_file"], `${quoted(path)} ${problem}`, "correct that file");
  return file.text;
}

/**
 * Reports managed session policies that AWS refuses.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html PolicyArns
 */
export function checkPolicyArns(
  { role_arn: roleArn = "", policy_arns: arns = [] }: RoleTable,
  report: Report,
): void {
  for (const [index, arn] of arns.entries()) {
    const account = accountOf(arn);
    if (account !== "aws" && account !== accountOf(roleArn)) {
      report(
        ["policy_arns", index],
        "is a policy of another account; AWS takes the role's own and its managed ones",
      );
    }
  }
}
