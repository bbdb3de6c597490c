import type { SessionTokenRole, Source } from "../../core/role.ts";
import { mfaSessionSeconds } from "../mfa-sessions.ts";
import { checkProfile, definedIn, keySource, type RoleBuilder, type RoleContext } from "../role-builder.ts";
import type { RoleTable } from "../schema/role-table.ts";

/** `mfa_serial` without `role_arn`: the user's own session, with the device shown. */
export const sessionTokenRole: RoleBuilder = (name, table, context, report) => {
  const { source_profile: profile, mfa_serial: mfaSerial = "" } = table;
  if (profile !== undefined) checkProfile(profile, "source_profile", context, report);
  const region = table.region ?? context.profiles.get(profile ?? "")?.settings.region;
  const role: SessionTokenRole = {
    type: "session-token",
    name,
    definedIn: definedIn(name),
    source: sourceOf(table, context),
    mfaSerial,
    askedAs: name,
    durationSeconds: table.duration_seconds ?? mfaSessionSeconds,
    ...(table.mfa_process !== undefined && { mfaProcess: table.mfa_process }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { endpointProfile: profile }),
  };
  context.mfaSessions.add(role);
  return role;
};

function sourceOf(table: RoleTable, context: RoleContext): Source {
  const { source_profile: profile = "", source_key: key, credential_source: from } = table;
  if (key !== undefined) return keySource(key, context);
  return from === undefined ? { type: "profile", profile } : { type: "credential-source", from };
}
