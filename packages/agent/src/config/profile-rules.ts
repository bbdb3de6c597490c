import type { CredentialSourceName } from "../core/role.ts";
import { roleArnProblem } from "./arn.ts";
import type { AwsProfile } from "./aws-profiles.ts";
import { cycleText, findCycles } from "./cycles.ts";
import {
  durationProblem,
  externalIdProblem,
  mfaSerialProblem,
  regionProblem,
  sessionNameProblem,
} from "./limits.ts";
import { accountIdProblem, permissionSetProblem } from "./sso-limits.ts";

/** The values of `credential_source`. */
export const credentialSources = ["Environment", "EcsContainer", "Ec2InstanceMetadata"] as const;

/** The CLI compares exactly, too. */
export function isCredentialSource(name: string | undefined): name is CredentialSourceName {
  return credentialSources.some((known) => known === name);
}

/** Whether a profile is AssumeRole's; with a token file it is AssumeRoleWithWebIdentity's. */
export function assumesRole(profile: AwsProfile): boolean {
  return profile.settings.role_arn !== undefined && !hasTokenFile(profile);
}

export function hasTokenFile({ settings }: AwsProfile): boolean {
  return settings.web_identity_token_file !== undefined;
}

/** Whether a profile is IAM Identity Center's, whatever else it has. */
export function isOfIdentityCenter({ settings }: AwsProfile): boolean {
  const { role_arn: roleArn, sso_account_id: account, sso_role_name: role } = settings;
  return roleArn === undefined && (account !== undefined || role !== undefined);
}

/**
 * The login session of a profile that is a console login. As in botocore a role, a token, Identity Center and keys in
 * the credentials file come before it.
 */
export function loginSessionOf(profile: AwsProfile): string | undefined {
  const { role_arn: role, web_identity_token_file: token, login_session: session } = profile.settings;
  const isOther = role !== undefined || token !== undefined || isOfIdentityCenter(profile);
  return isOther || profile.hasKeysInCredentials ? undefined : session;
}

/** The profile that `aws login` is for, by login session: the first of several, so that all say the same. */
export function loginProfiles(profiles: Iterable<AwsProfile>): ReadonlyMap<string, string> {
  const bySession = new Map<string, string>();
  for (const profile of profiles) {
    const session = loginSessionOf(profile);
    if (session !== undefined && !bySession.has(session)) bySession.set(session, profile.name);
  }
  return bySession;
}

/** `duration_seconds` of a profile. Like the AWS CLI, takes no notice of what is no integer. */
export function secondsOf({ settings }: AwsProfile): number | undefined {
  const { duration_seconds: seconds } = settings;
  return seconds !== undefined && /^[+-]?\d+$/.test(seconds) ? Number(seconds) : undefined;
}

const valueRules = [
  ["role_arn", roleArnProblem],
  ["role_session_name", sessionNameProblem],
  ["external_id", externalIdProblem],
  ["region", regionProblem],
  ["mfa_serial", mfaSerialProblem],
  ["sso_account_id", accountIdProblem],
  ["sso_role_name", permissionSetProblem],
] as const;

/** The first setting with a value that AWS would refuse, and why. */
export function settingProblem(profile: AwsProfile): { setting: string; problem: string } | undefined {
  for (const [setting, problemOf] of valueRules) {
    const value = profile.settings[setting];
    const problem = value === undefined ? undefined : problemOf(value);
    if (problem !== undefined) return { setting, problem };
  }
  const seconds = secondsOf(profile);
  const problem = seconds === undefined ? undefined : durationProblem(seconds);
  return problem === undefined ? undefined : { setting: "duration_seconds", problem };
}

/**
 * The profiles that would wait for themselves, each with its cycle as text. For a source profile the CLI takes
 * that profile's keys before its role: so a cycle ends at a member with keys, unless that is the profile asked
 * for. A profile that names itself takes its own keys.
 */
export function endlessProfiles(profiles: ReadonlyMap<string, AwsProfile>): ReadonlyMap<string, string> {
  const next = (name: string): string | undefined => {
    const profile = profiles.get(name);
    return profile !== undefined && assumesRole(profile) ? profile.settings.source_profile : undefined;
  };
  const endless = new Map<string, string>();
  for (const cycle of findCycles(profiles.keys(), next)) {
    const withKeys = cycle.filter((name) => profiles.get(name)?.hasStaticKeys);
    const text = cycleText(cycle);
    for (const member of cycle) {
      const isEnded = cycle.length === 1 ? withKeys.length > 0 : withKeys.some((other) => other !== member);
      if (!isEnded) endless.set(member, text);
    }
  }
  return endless;
}
