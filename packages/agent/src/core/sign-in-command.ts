import type { LoginRole, SsoSignIn } from "./role.ts";
import { shellWord } from "./shell-word.ts";

/**
 * The operand of `role-agent login` that means a sign-in: one for each token file, so that people are told of it once,
 * and never the name of something else.
 */
export function signInName({ sessionName, startUrl }: Pick<SsoSignIn, "sessionName" | "startUrl">): string {
  return sessionName ?? startUrl;
}

/** What a person runs to sign in to IAM Identity Center. */
export function ssoLoginCommand(signIn: Pick<SsoSignIn, "sessionName" | "startUrl">): string {
  return `role-agent login ${shellWord(signInName(signIn))}`;
}

/** What a person runs to sign in to the console by the AWS CLI. */
export function consoleLoginCommand({ loginProfile }: Pick<LoginRole, "loginProfile">): string {
  return loginProfile === undefined ? "aws login" : `aws login --profile ${shellWord(loginProfile)}`;
}
