import { RoleAgentError } from "@role-agent/provider/errors";
import { didYouMean } from "../config/explain.ts";
import type { Config } from "../config/config.ts";
import { quoted } from "../config/words.ts";
import { consoleLoginCommand, signInName } from "../core/sign-in-command.ts";
import type { SsoRole, SsoSignIn } from "../core/role.ts";

/** A sign-in, and where it takes place. */
export type PlacedSignIn = SsoSignIn & Pick<SsoRole, "endpointProfile">;

/**
 * The sign-in that an operand means: an sso-session, else the start URL of the older form, else a role; without an
 * operand the only one there is. It follows the endpoints of the first role that is obtained with it. Throws
 * `InvalidConfiguration`, with the choice as its hint.
 */
export function findSignIn(config: Config, operand: string | undefined): PlacedSignIn {
  const roles = [...config.roles.values()].filter((role) => role.type === "sso");
  const name = operand ?? onlyName(config, roles);
  const session = config.ssoSessions.get(name);
  if (session !== undefined && "problem" in session) throw unusable(session.problem, session.hint);
  const role = roles.find((each) => signInName(each) === name);
  if (role !== undefined) return signInOf(role);
  if (session !== undefined) return session;
  const named = config.roles.get(name);
  if (named?.type === "sso") return signInOf(named);
  if (named?.type === "login") {
    throw unusable(`${quoted(name)} is a console login of the AWS CLI`, consoleLoginCommand(named));
  }
  const names = namesOf(config, roles);
  const hint = didYouMean(name, names) ?? listOf(names);
  throw unusable(
    `there is neither an sso-session nor a role of Identity Center called ${quoted(name)}`,
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

/** One name for each sign-in: those of sessions, then the start URLs of the older form. */
function namesOf({ ssoSessions }: Config, roles: readonly SsoRole[]): readonly string[] {
  return [...new Set([...ssoSessions.keys(), ...roles.map(signInName)])];
}

function signInOf({
  startUrl,
  ssoRegion,
  sessionName,
  scopes,
  tokenFile,
  endpointProfile,
}: SsoRole): PlacedSignIn {
  return {
    startUrl,
    ssoRegion,
    scopes,
    tokenFile,
    ...(sessionName !== undefined && { sessionName }),
    ...(endpointProfile !== undefined && { endpointProfile }),
  };
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "role-agent roles" : `one of: ${names.join(", ")}`;
}

function unusable(message: string, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", message, { hint });
}
