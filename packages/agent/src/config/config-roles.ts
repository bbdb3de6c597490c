import type { AssumeRole, Role, Source } from "../core/role.ts";
import { accountOf } from "./arn.ts";
import type { AwsProfile } from "./aws-profiles.ts";
import type { ConfigProblem } from "./config.ts";
import { cycleText, findCycles } from "./cycles.ts";
import { didYouMean } from "./explain.ts";
import type { Explain } from "./explain.ts";
import { chainedDurationProblem, hourSeconds } from "./limits.ts";
import type { ProfileResolver } from "./profile-roles.ts";
import type { RoleTable } from "./schema.ts";
import { defaultSessionName, fillTemplate } from "./session-name.ts";
import type { Identity } from "./session-name.ts";
import { policyProblem } from "./session-policy.ts";
import { keyText, quoted } from "./words.ts";

/** Reads a policy file: its text, or what is wrong with the file. */
export type ReadPolicy = (path: string) => { text: string } | { problem: string; hint?: string };

/** What the tables of config.toml refer to. */
export interface RoleContext {
  readonly tables: ReadonlyMap<string, RoleTable>;
  readonly profiles: ReadonlyMap<string, AwsProfile>;
  readonly resolver: ProfileResolver;
  /** Every name that a client can ask for. */
  readonly roleNames: ReadonlySet<string>;
  readonly identity: Identity;
  readonly explain: Explain;
  readonly readPolicy: ReadPolicy;
}

/** More problems than anybody reads at once aren't looked for: searching close names takes time. */
const mostProblems = 50;

/** Makes roles of the `[roles.NAME]` tables, and finds what is wrong between them. */
export function configRoles(context: RoleContext): { roles: Role[]; problems: ConfigProblem[] } {
  const { tables, explain } = context;
  const problems = findCycles(tables.keys(), (name) => tables.get(name)?.source_role).map((cycle) =>
    explain(
      ["roles", ...cycle.slice(0, 1), "source_role"],
      `leads back to itself: ${cycleText(cycle)}`,
      "one of them needs source_profile or credential_source",
    ),
  );
  const roles: Role[] = [];
  for (const [name, table] of tables) {
    if (problems.length >= mostProblems) break;
    const report: Report = (key, message, hint) => {
      problems.push(explain(["roles", name, ...key], message, hint));
    };
    roles.push(
      table.profile === undefined
        ? assumedRole(name, table, context, report)
        : aliasRole(name, table.profile, context, report),
    );
  }
  return { roles, problems };
}

type Report = (key: readonly (string | number)[], message: string, hint?: string) => void;

const definedIn = (name: string): string => `config.toml [${keyText(["roles", name])}]`;

function aliasRole(name: string, profile: string, context: RoleContext, report: Report): Role {
  checkProfile(profile, ["profile"], context, report);
  const target = context.profiles.get(profile) ?? { name: profile, hasStaticKeys: false, settings: {} };
  return { ...context.resolver.role(target, name), definedIn: definedIn(name) };
}

function assumedRole(name: string, table: RoleTable, context: RoleContext, report: Report): AssumeRole {
  const source = sourceOf(table, context, report);
  const chained = context.resolver.isRoleSession(source)
    ? chainedDurationProblem(table.duration_seconds ?? hourSeconds)
    : undefined;
  if (chained !== undefined) report(["duration_seconds"], chained);
  const policy =
    table.policy_file === undefined ? table.policy : policyOf(table.policy_file, context, report);
  const { source_profile: profile, role_arn: roleArn = "", tags = {} } = table;
  const region = table.region ?? context.profiles.get(profile ?? "")?.settings.region;
  const fill = (key: "role_session_name" | "source_identity", template: string): string => {
    const text = fillTemplate(template, context.identity);
    if (text.length < 2) report([key], "has only 1 character when filled in, and AWS wants 2 to 64");
    return text;
  };
  checkPolicyArns(table, report);
  checkTransitiveTags(table, report);
  return {
    name,
    definedIn: definedIn(name),
    type: "assume-role",
    roleArn,
    source,
    roleSessionName: fill("role_session_name", table.role_session_name ?? defaultSessionName),
    durationSeconds: table.duration_seconds ?? hourSeconds,
    ...(table.external_id !== undefined && { externalId: table.external_id }),
    ...(table.source_identity !== undefined && {
      sourceIdentity: fill("source_identity", table.source_identity),
    }),
    ...(policy !== undefined && { policy }),
    policyArns: table.policy_arns ?? [],
    tags,
    transitiveTagKeys: table.transitive_tag_keys ?? [],
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { endpointProfile: profile }),
  };
}

function sourceOf(table: RoleTable, context: RoleContext, report: Report): Source {
  const { source_profile: profile, source_role: role, credential_source: from } = table;
  if (from !== undefined) return { type: "credential-source", from };
  if (role === undefined) {
    checkProfile(profile ?? "", ["source_profile"], context, report);
    return context.resolver.source(profile ?? "");
  }
  if (!context.roleNames.has(role)) {
    report(
      ["source_role"],
      `there is no role ${quoted(role)}`,
      context.profiles.has(role)
        ? "profiles = false keeps profiles from being roles; use source_profile"
        : didYouMean(role, context.roleNames),
    );
  }
  return { type: "role", role };
}

function checkProfile(
  profile: string,
  key: readonly string[],
  { profiles, tables }: RoleContext,
  report: Report,
): void {
  if (profiles.has(profile)) return;
  report(
    key,
    `there is no AWS profile ${quoted(profile)}`,
    tables.has(profile)
      ? "a role of config.toml is named by source_role"
      : (didYouMean(profile, profiles.keys()) ?? "add it to ~/.aws/config"),
  );
}

function policyOf(path: string, { readPolicy }: RoleContext, report: Report): string | undefined {
  const file = readPolicy(path);
  if (!("text" in file)) {
    report(["policy_file"], `${quoted(path)} ${file.problem}`, file.hint);
    return undefined;
  }
  const problem = policyProblem(file.text);
  if (problem !== undefined) report(["policy_file"], `${quoted(path)} ${problem}`, "correct that file");
  return file.text;
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html PolicyArns */
function checkPolicyArns(
  { role_arn: roleArn = "", policy_arns: arns = [] }: RoleTable,
  report: Report,
): void {
  for (const [index, arn] of arns.entries()) {
    const account = accountOf(arn);
    if (account !== "aws" && account !== accountOf(roleArn)) {
      report(
        ["policy_arns", index],
        "is a policy of another account; AWS takes the role's own and its managed ones",
      );
    }
  }
}

/** STS refuses transitive keys that aren't among the tags of the same request; case doesn't count. */
function checkTransitiveTags({ tags = {}, transitive_tag_keys: keys = [] }: RoleTable, report: Report): void {
  const known = new Set(Object.keys(tags).map((key) => key.toLowerCase()));
  for (const [index, key] of keys.entries()) {
    if (!known.has(key.toLowerCase())) {
      report(
        ["transitive_tag_keys", index],
        `there is no tag ${quoted(key)}`,
        "add it to tags, or remove it here",
      );
    }
  }
}
