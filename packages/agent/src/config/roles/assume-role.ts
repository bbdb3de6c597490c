import type { Source } from "../../core/role.ts";
import { hourSeconds } from "../limits.ts";
import { mfaNeedsKeys } from "../mfa-sessions.ts";
import {
  checkProfile,
  checkRole,
  definedIn,
  keySource,
  type Report,
  type RoleBuilder,
  type RoleContext,
} from "../role-builder.ts";
import type { RoleTable } from "../schema/role-table.ts";
import { defaultSessionName } from "../session-name.ts";
import { quoted } from "../words.ts";
import { filled } from "./filled.ts";
import { checkPolicyArns, policyOf } from "./policies.ts";

/** STS AssumeRole. */
export const assumeRole: RoleBuilder = (name, table, context, report) => {
  const policy = policyOf(table, context, report);
  const { source_profile: profile, role_arn: roleArn = "", tags = {} } = table;
  const region = table.region ?? context.profiles.get(profile ?? "")?.settings.region;
  const source = withMfa(name, table, sourceOf(table, context, report), region, context, report);
  checkPolicyArns(table, report);
  checkTransitiveTags(table, report);
  return {
    name,
    definedIn: definedIn(name),
    type: "assume-role",
    roleArn,
    source,
    roleSessionName: filled(
      "role_session_name",
      table.role_session_name ?? defaultSessionName,
      context,
      report,
    ),
    durationSeconds: table.duration_seconds ?? hourSeconds,
    ...(table.external_id !== undefined && { externalId: table.external_id }),
    ...(table.source_identity !== undefined && {
      sourceIdentity: filled("source_identity", table.source_identity, context, report),
    }),
    ...(policy !== undefined && { policy }),
    policyArns: table.policy_arns ?? [],
    tags,
    transitiveTagKeys: table.transitive_tag_keys ?? [],
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { endpointProfile: profile }),
  };
};

function sourceOf(table: RoleTable, context: RoleContext, report: Report): Source {
  const { source_profile: profile, source_role: role, source_key: key, credential_source: from } = table;
  if (key !== undefined) return keySource(key, context);
  if (from !== undefined) return { type: "credential-source", from };
  if (role === undefined) {
    checkProfile(profile ?? "", "source_profile", context, report);
    return context.resolver.source(profile ?? "");
  }
  checkRole(role, "source_role", context, report);
  return { type: "role", role };
}

/** With `mfa_serial` the role is assumed with a session in which the device was shown. */
function withMfa(
  role: string,
  table: RoleTable,
  source: Source,
  region: string | undefined,
  { mfaSessions }: RoleContext,
  report: Report,
): Source {
  const { mfa_serial: serial, mfa_process: program, source_profile: endpointProfile } = table;
  if (serial === undefined) {
    if (program !== undefined)
      report(["mfa_process"], "needs mfa_serial, the device that it knows", "add it");
    return source;
  }
  if (source.type === "role") {
    report(["mfa_serial"], mfaNeedsKeys, "put mfa_serial where the chain starts");
    return source;
  }
  return mfaSessions.sourceFor(source, { role, serial, program, region, endpointProfile });
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
