import { createHash } from "node:crypto";
import type { SsoSignIn } from "../core/role.ts";
import type { AwsProfile, AwsSection } from "./aws-profiles.ts";
import { regionProblem } from "./limits.ts";
import { startUrlProblem } from "./sso-limits.ts";
import { quoted } from "./words.ts";

/** A sign-in that can't work, and what to do about it. */
export interface SsoProblem {
  readonly problem: string;
  readonly hint: string;
}

/** What the AWS CLI asks for where a session names no scopes; without it there is no refresh token. */
const defaultScope = "sso:account:access";

/**
 * The sign-ins to IAM Identity Center that the AWS shared config describes. The rules are those of botocore's
 * SSOProvider, and a token is where its SSOTokenLoader looks for it.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
export class SsoSignIns {
  readonly #sessions: ReadonlyMap<string, AwsSection>;
  readonly #resolvePath: (path: string) => string;

  constructor(sessions: ReadonlyMap<string, AwsSection>, resolvePath: (path: string) => string) {
    this.#sessions = sessions;
    this.#resolvePath = resolvePath;
  }

  /** Every `[sso-session NAME]`, by its name. */
  all(): ReadonlyMap<string, SsoSignIn | SsoProblem> {
    return new Map([...this.#sessions.keys()].map((name) => [name, this.named(name)]));
  }

  /** That of `[sso-session NAME]`. */
  named(name: string): SsoSignIn | SsoProblem {
    const section = `[sso-session ${name}]`;
    const settings = this.#sessions.get(name)?.settings;
    if (settings === undefined) {
      return {
        problem: `there is no ${section}`,
        hint: "add it to ~/.aws/config: aws configure sso-session",
      };
    }
    const { sso_start_url: startUrl, sso_region: ssoRegion, sso_registration_scopes: scopes } = settings;
    if (startUrl === undefined || ssoRegion === undefined) {
      const missing = startUrl === undefined ? "sso_start_url" : "sso_region";
      return { problem: `${section} has no ${missing}`, hint: "add it to ~/.aws/config" };
    }
    return (
      addressProblem(startUrl, ssoRegion, section) ?? {
        startUrl,
        ssoRegion,
        sessionName: name,
        scopes: scopesOf(scopes),
        tokenFile: this.#tokenFile(name),
      }
    );
  }

  /** The older form, without a session. */
  inline(startUrl: string, ssoRegion: string): SsoSignIn {
    return { startUrl, ssoRegion, scopes: [], tokenFile: this.#tokenFile(startUrl) };
  }

  /** That of a profile. What its session says must not be contradicted beside it. */
  ofProfile({ name, settings }: AwsProfile): SsoSignIn | SsoProblem {
    const section = `[profile ${name}]`;
    const missing = (["sso_account_id", "sso_role_name"] as const).find((key) => settings[key] === undefined);
    if (missing !== undefined) {
      return {
        problem: `is a profile of IAM Identity Center without ${missing}`,
        hint: `add it to ${section}`,
      };
    }
    const { sso_session: session, sso_start_url: startUrl, sso_region: ssoRegion } = settings;
    if (session === undefined) {
      if (startUrl !== undefined && ssoRegion !== undefined) {
        return addressProblem(startUrl, ssoRegion, section) ?? this.inline(startUrl, ssoRegion);
      }
      const problem = "has neither sso_session nor sso_start_url and sso_region";
      return { problem, hint: `add sso_session to ${section}` };
    }
    const signIn = this.named(session);
    if ("problem" in signIn) return signIn;
    const isContradicted =
      (startUrl ?? signIn.startUrl) !== signIn.startUrl ||
      (ssoRegion ?? signIn.ssoRegion) !== signIn.ssoRegion;
    return isContradicted
      ? {
          problem: `its sso_start_url or sso_region is not that of its sso_session ${quoted(session)}`,
          hint: `remove them from ${section}`,
        }
      : signIn;
  }

  #tokenFile(key: string): string {
    return this.#resolvePath(`~/.aws/sso/cache/${createHash("sha1").update(key).digest("hex")}.json`);
  }
}

function addressProblem(startUrl: string, ssoRegion: string, section: string): SsoProblem | undefined {
  const hint = `correct it in ${section}`;
  const wrongUrl = startUrlProblem(startUrl);
  if (wrongUrl !== undefined) return { problem: `sso_start_url ${wrongUrl}`, hint };
  const wrongRegion = regionProblem(ssoRegion);
  return wrongRegion === undefined ? undefined : { problem: `sso_region ${wrongRegion}`, hint };
}

function scopesOf(text: string = ""): readonly string[] {
  const scopes = text
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");
  return scopes.length === 0 ? [defaultScope] : scopes;
}
