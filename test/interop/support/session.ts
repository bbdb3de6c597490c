import type { CommandResult } from "../../support/world.ts";

interface AssumeRoleAnswer {
  readonly Credentials: Readonly<Record<"AccessKeyId" | "SecretAccessKey" | "SessionToken", string>>;
}

/** What a command line starts with to get the session that `aws sts assume-role` has printed. */
export function inSessionOf({ stdout }: CommandResult): string {
  const { Credentials }: AssumeRoleAnswer = JSON.parse(stdout);
  return [
    `AWS_ACCESS_KEY_ID='${Credentials.AccessKeyId}'`,
    `AWS_SECRET_ACCESS_KEY='${Credentials.SecretAccessKey}'`,
    `AWS_SESSION_TOKEN='${Credentials.SessionToken}'`,
  ].join(" ");
}
