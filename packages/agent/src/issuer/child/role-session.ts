import type { AssumeRoleCommandOutput } from "@aws-sdk/client-sts";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { IssuedSession } from "../../core/session.ts";
import type { Lifetime } from "./observed-handler.ts";

/** What the answers of AssumeRole and its siblings have in common. */
export type RoleAnswer = Pick<AssumeRoleCommandOutput, "AssumedRoleUser" | "Credentials">;

/**
 * The session in an answer of STS. An answer for another role than the one asked for is refused.
 *
 * @param call - what was asked for, for the message: `sts:AssumeRole of arn:…`
 */
export function roleSessionOf(
  answer: RoleAnswer,
  roleArn: string,
  call: string,
): Omit<IssuedSession, keyof Lifetime> {
  const assumed = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(answer.AssumedRoleUser?.Arn ?? "");
  const accountId = roleArn.split(":")[4];
  const name = roleArn.split("/").at(-1);
  if (accountId === undefined || assumed?.[1] !== accountId || assumed[2] !== name) {
    throw new RoleAgentError("SourceUnavailable", `${call}: the answer is for another role`);
  }
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
  return {
    accessKeyId: AccessKeyId ?? "",
    secretAccessKey: SecretAccessKey ?? "",
    sessionToken: SessionToken ?? "",
    accountId,
    roleArn,
  };
}
