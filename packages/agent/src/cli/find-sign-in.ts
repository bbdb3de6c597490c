import { RoleAgentError } from "@role-agent/provider/errors";
import { didYouMean } from "../config/explain.ts";
import type { Config } from "../config/config.ts";
import type { SsoRole, SsoSignIn } from "../core/role.ts";

/** A sign-in, and the operand of `role-agent login` that means it. */
export interface NamedSignIn {
  readonly signIn: SsoSignIn;
  readonly loginAs: string;
}

/**
 * The sign-in that an operand means: an sso-session or else a role; without an operand the only one there is.
 * Throws `InvalidConfiguration`, with the choice as its hint.
 */
export function findSignIn(config: Config, operand: string | undefined): NamedSignIn {
  const roles = [...config.roles.values()].filter((role) => role.type === "sso");
  const name = operand ?? onlyName(config, roles);
  const session = config.ssoSessions.get(name);
  if (session !== undefined && "problem" in session) throw unusable(session.problem, session.hint);
  if (session !== undefined) return { signIn: session, loginAs: name };
  const role = roles.find((each) => each.name === name);
  if (role !== undefined) return { signIn: signInOf(role), loginAs: role.loginAs };
  const names = namesOf(config, roles);
  const hint = didYouMean(name, names) ?? listOf(names);
  throw unusable(
    `there is neither an sso-session nor a role of Identity Center called ${JSON.stringify(name)}`,
    hint,
  );
}

function onlyName(config: Config, roles: readonly SsoRole[]): string {
  const names = namesOf(config, roles);
  const [only, another] = names;
  if (only === undefined) {
    throw unusable(
      "there is nothing to sign in to",
      "add an [sso-session NAME] to ~/.aws/config: aws configure sso-session",
    );
  }
  if (another !== undefined) throw unusable("there are several sign-ins, and none was named", listOf(names));
  return only;
}

/** One name for each sign-in: those of sessions, then a role's for each start URL of the older form. */
function namesOf({ ssoSessions }: Config, roles: readonly SsoRole[]): readonly string[] {
  const inline = roles.filter(({ sessionName }) => sessionName === undefined);
  const byStartUrl = new Map(inline.map(({ startUrl, loginAs }) => [startUrl, loginAs]));
  return [...ssoSessions.keys(), ...byStartUrl.values()];
}

function signInOf({ startUrl, ssoRegion, sessionName, scopes, tokenFile }: SsoRole): SsoSignIn {
  return { startUrl, ssoRegion, scopes, tokenFile, ...(sessionName !== undefined && { sessionName }) };
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "role-agent roles" : `one of: ${names.join(", ")}`;
}

function unusable(message: string, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", message, { hint });
}
