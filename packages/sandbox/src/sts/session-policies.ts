import { AwsError } from "../aws-error.ts";
import { maxPackedCharacters } from "../limits.ts";
import { parseIdentityPolicy } from "../policy/document.ts";
import { parseSentPolicy } from "../policy-text.ts";
import type { RoleSession, SandboxState } from "../state.ts";
import type { Tag } from "../tags.ts";

export interface SessionPolicyInput {
  Policy: string | undefined;
  PolicyArns: readonly { arn: string }[];
  Tags: readonly Tag[];
}

/**
 * The session policies that a request asks for. Throws `MalformedPolicyDocument` for an inline one,
 * `ValidationError` for a managed one that isn't AWS's or the role's account's or doesn't exist.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
export function sessionPolicies(
  { Policy, PolicyArns }: SessionPolicyInput,
  roleAccountId: string,
  state: SandboxState,
): RoleSession["policies"] {
  const managed = PolicyArns.map(({ arn }) => {
    const policy = state.managedPolicies[arn];
    const accountId = arn.split(":")[4];
    if (policy === undefined || (accountId !== "aws" && accountId !== roleAccountId)) {
      throw new AwsError(
        "ValidationError",
        `Policy ${arn} is neither an AWS managed policy nor one of account ${roleAccountId}`,
      );
    }
    return { name: policy.policyName, document: policy.document };
  });
  if (Policy === undefined) return managed;
  parseSentPolicy(parseIdentityPolicy, Policy);
  return [{ name: "session policy", document: Policy }, ...managed];
}

/**
 * How much of the room for policies and tags a request takes, in per cent; undefined where it has none. AWS
 * packs them in a binary form of its own; here their plain characters count. Throws `PackedPolicyTooLarge`.
 */
export function packedPolicySize({ Policy = "", PolicyArns, Tags }: SessionPolicyInput): number | undefined {
  const parts = [
    Policy,
    ...PolicyArns.map(({ arn }) => arn),
    ...Tags.flatMap(({ Key, Value }) => [Key, Value]),
  ];
  const characters = parts.join("").length;
  if (characters === 0) return undefined;
  const percent = Math.ceil((100 * characters) / maxPackedCharacters);
  if (percent > 100) {
    throw new AwsError(
      "PackedPolicyTooLarge",
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    );
  }
  return percent;
}
