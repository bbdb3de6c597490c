import { AwsError } from "../aws-error.ts";
import { parseTrustPolicy } from "../policy/document.ts";
import { parseSentPolicy } from "../policy-text.ts";
import type { SandboxState } from "../state.ts";
import { limitExceeded } from "./entities.ts";

const maxCharacters = 2048;

/**
 * Checks a trust policy that a caller sent, as CreateRole and UpdateAssumeRolePolicy do: its form, its size
 * (white space doesn't count) and that the roles and users it names exist. Throws `MalformedPolicyDocument`
 * or `LimitExceeded`. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function checkTrustPolicy(text: string, state: SandboxState): void {
  const { statements } = parseSentPolicy(parseTrustPolicy, text);
  if (text.replace(/\s/g, "").length > maxCharacters) throw limitExceeded("ACLSizePerRole", maxCharacters);
  const named = statements.flatMap(({ principals }) => principals?.AWS ?? []);
  const unknown = named.find((principal) => !exists(principal, state));
  if (unknown !== undefined) {
    throw new AwsError("MalformedPolicyDocument", `Invalid principal in policy: "AWS":"${unknown}"`);
  }
}

/** Whole accounts pass even where the sandbox hasn't got them; nobody of theirs can call. */
function exists(principal: string, state: SandboxState): boolean {
  if (principal === "*" || principal.endsWith(":root")) return true;
  const [, , service, , accountId = "", resource = ""] = principal.split(":");
  const [kind, ...names] = resource.split("/");
  const account = state.accounts[accountId];
  if (account === undefined) return false;
  if (service === "sts") return kind === "federated-user" || Object.hasOwn(account.roles, names[0] ?? "");
  const entity = (kind === "role" ? account.roles : account.users)[names.at(-1) ?? ""];
  return entity?.arn === principal;
}
