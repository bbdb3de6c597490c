import type { InvalidRole, Role, Source } from "../core/role.ts";
import type { AwsProfile } from "./aws-profiles.ts";
import { hourSeconds } from "./limits.ts";
import { mfaNeedsKeys, type MfaSessions } from "./mfa-sessions.ts";
import {
  assumesRole,
  credentialSources,
  endlessProfiles,
  hasTokenFile,
  isOfIdentityCenter,
  isCredentialSource,
  loginProfiles,
  loginSessionOf,
  secondsOf,
  settingProblem,
} from "./profile-rules.ts";
import { defaultSessionName, fillTemplate } from "./session-name.ts";
import type { Identity } from "./session-name.ts";
import type { SsoSignIns } from "./sso-sign-ins.ts";
import { choice, quoted } from "./words.ts";

/** What profiles are resolved with. */
export interface ProfileContext {
  readonly profiles: ReadonlyMap<string, AwsProfile>;
  /** By which name the role of a profile is known. */
  readonly roleName: (profile: string) => string;
  readonly identity: Identity;
  readonly mfaSessions: MfaSessions;
  readonly ssoSignIns: SsoSignIns;
  /** Where the AWS CLI keeps a console login. */
  readonly loginTokenFile: (loginSession: string) => string;
}

/**
 * Makes roles of profiles, as the AWS CLI resolves them: the rules are those of botocore's AssumeRoleProvider,
 * AssumeRoleWithWebIdentityProvider, SSOProvider and LoginProvider.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
export class ProfileResolver {
  readonly #profiles: ReadonlyMap<string, AwsProfile>;
  readonly #roleName: (profile: string) => string;
  readonly #sessionName: string;
  readonly #endless: ReadonlyMap<string, string>;
  readonly #mfaSessions: MfaSessions;
  readonly #ssoSignIns: SsoSignIns;
  readonly #loginTokenFile: (loginSession: string) => string;
  readonly #loginProfiles: ReadonlyMap<string, string>;

  constructor(context: ProfileContext) {
    const { profiles, roleName, identity, mfaSessions, ssoSignIns, loginTokenFile } = context;
    this.#loginTokenFile = loginTokenFile;
    this.#loginProfiles = loginProfiles(profiles.values());
    this.#mfaSessions = mfaSessions;
    this.#ssoSignIns = ssoSignIns;
    this.#profiles = profiles;
    this.#roleName = roleName;
    this.#sessionName = fillTemplate(defaultSessionName, identity);
    this.#endless = endlessProfiles(profiles);
  }

  /** The role of a profile. One that can't work is an InvalidRole, so that it stops no other. */
  role(profile: AwsProfile, name: string = this.#roleName(profile.name)): Role {
    const { settings } = profile;
    const base = { name, definedIn: `profile ${profile.name}` };
    const region = settings.region === undefined ? {} : { region: settings.region };
    const problem = this.#problem(profile);
    if (problem !== undefined) return { ...base, type: "invalid", ...problem };
    if (isOfIdentityCenter(profile)) return this.#ssoRole(profile, base, region);
    const loginSession = loginSessionOf(profile);
    if (loginSession !== undefined) {
      return {
        ...base,
        type: "login",
        loginSession,
        tokenFile: this.#loginTokenFile(loginSession),
        ...region,
        endpointProfile: profile.name,
        ...this.loginProfile(loginSession),
      };
    }
    if (settings.role_arn === undefined) {
      return { ...base, type: "profile", profile: profile.name, durationSeconds: hourSeconds, ...region };
    }
    const called = {
      roleArn: settings.role_arn,
      roleSessionName: settings.role_session_name ?? this.#sessionName,
      policyArns: [],
      ...region,
      endpointProfile: profile.name,
    };
    if (settings.web_identity_token_file !== undefined) {
      const token = { type: "file", path: settings.web_identity_token_file } as const;
      // botocore takes no notice of duration_seconds here.
      return { ...base, type: "web-identity", ...called, token, durationSeconds: hourSeconds };
    }
    return {
      ...base,
      type: "assume-role",
      ...called,
      source: this.#withMfa(name, profile),
      durationSeconds: secondsOf(profile) ?? hourSeconds,
      ...(settings.external_id !== undefined && { externalId: settings.external_id }),
      tags: {},
      transitiveTagKeys: [],
    };
  }

  /**
   * The credentials of a source profile: the role of its token or sign-in before its own keys, these before another
   * role, its console login where it is one, else whatever the SDK makes of it.
   */
  source(name: string): Source {
    const profile = this.#profiles.get(name);
    return profile !== undefined &&
      (hasTokenFile(profile) ||
        isOfIdentityCenter(profile) ||
        (assumesRole(profile) && !profile.hasStaticKeys) ||
        loginSessionOf(profile) !== undefined)
      ? { type: "role", role: this.#roleName(name) }
      : { type: "profile", profile: name };
  }

  /** Which profile `aws login` is for, where one has that login. */
  loginProfile(loginSession: string): { readonly loginProfile?: string } {
    const name = this.#loginProfiles.get(loginSession);
    return name === undefined ? {} : { loginProfile: name };
  }

  /** Whether credentials are certain to be a role session: AWS gives an hour at most to what they assume. */
  isRoleSession(source: Source): boolean {
    return source.type === "role" || (source.type === "credential-source" && source.from !== "Environment");
  }

  #ssoRole(
    profile: AwsProfile,
    base: Pick<Role, "name" | "definedIn">,
    region: { readonly region?: string },
  ): Role {
    const { sso_account_id: accountId = "", sso_role_name: ssoRoleName = "" } = profile.settings;
    const signIn = this.#ssoSignIns.ofProfile(profile);
    if ("problem" in signIn) return { ...base, type: "invalid", ...signIn };
    return {
      ...base,
      type: "sso",
      accountId,
      ssoRoleName,
      ...signIn,
      ...region,
      endpointProfile: profile.name,
    };
  }

  #sourceOf({ settings }: AwsProfile): Source {
    return isCredentialSource(settings.credential_source)
      ? { type: "credential-source", from: settings.credential_source }
      : this.source(settings.source_profile ?? "");
  }

  #withMfa(role: string, profile: AwsProfile): Source {
    const source = this.#sourceOf(profile);
    const { mfa_serial: serial, region } = profile.settings;
    if (serial === undefined) return source;
    return this.#mfaSessions.sourceFor(source, { role, serial, region, endpointProfile: profile.name });
  }

  #problem(profile: AwsProfile): Problem | undefined {
    const problem = assumesRole(profile) ? this.#sourceProblem(profile) : tokenProblem(profile);
    if (problem !== undefined) return problem;
    const wrong = settingProblem(profile);
    return wrong === undefined ? undefined : atSetting(profile, wrong.setting, wrong.problem);
  }

  #sourceProblem({ name, settings }: AwsProfile): Problem | undefined {
    const { source_profile: source, credential_source: credentialSource } = settings;
    const section = `[profile ${name}]`;
    if (source !== undefined && credentialSource !== undefined) {
      return { problem: "has both source_profile and credential_source", hint: `keep one in ${section}` };
    }
    if (source === undefined && credentialSource === undefined) {
      const problem = "has role_arn, but neither source_profile nor credential_source";
      return { problem, hint: `add one of them to ${section}` };
    }
    if (source === undefined) {
      return isCredentialSource(credentialSource)
        ? undefined
        : {
            problem: "its credential_source isn't known",
            hint: `use ${choice(credentialSources)} in ${section}`,
          };
    }
    if (!this.#profiles.has(source)) {
      const problem = `its source_profile ${quoted(source)} doesn't exist`;
      return { problem, hint: `correct source_profile in ${section}` };
    }
    const cycle = this.#endless.get(name);
    if (cycle !== undefined) {
      const problem = `its source_profile leads back to it: ${cycle}`;
      return { problem, hint: "give one of them keys of its own" };
    }
    return settings.mfa_serial !== undefined && this.source(source).type === "role"
      ? { problem: mfaNeedsKeys, hint: "put mfa_serial where the chain starts" }
      : undefined;
  }
}

function tokenProblem(profile: AwsProfile): Problem | undefined {
  return hasTokenFile(profile) && profile.settings.role_arn === undefined
    ? {
        problem: "has web_identity_token_file, but no role_arn",
        hint: `add role_arn to [profile ${profile.name}]`,
      }
    : undefined;
}

type Problem = Pick<InvalidRole, "problem" | "hint">;

function atSetting({ name }: AwsProfile, setting: string, problem: string): Problem {
  return { problem: `its ${setting} ${problem}`, hint: `correct ${setting} in [profile ${name}]` };
}
