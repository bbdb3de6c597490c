import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * What is wrong with the ARN that a console login is for, or undefined: a user, a root user, or a session of a role.
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html
 */
export function loginSessionProblem(arn: string): string | undefined {
  return /^arn:aws(?:-[a-z]+)*:(?:iam|sts)::\d{12}:[\x21-\x7e]{1,1000}$/.test(arn)
    ? undefined
    : "must be the ARN that aws login wrote into ~/.aws/config, as in arn:aws:iam::123456789012:user/Alice";
}

/** Where the AWS CLI and every SDK keep the token of a login session. */
export function loginTokenFile(loginSession: string, cacheDirectory: string): string {
  return join(cacheDirectory, `${createHash("sha256").update(loginSession).digest("hex")}.json`);
}
