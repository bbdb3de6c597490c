import type { Source } from "../../core/role.ts";
import { mfaSessionSeconds } from "../mfa-sessions.ts";
import { checkProfile, definedIn, type RoleBuilder } from "../role-builder.ts";

/** `mfa_serial` without `role_arn`: the user's own session, with the device shown. */
export const sessionTokenRole: RoleBuilder = (name, table, context, report) => {
  const { source_profile: profile, credential_source: from, mfa_serial: mfaSerial = "" } = table;
  if (profile !== undefined) checkProfile(profile, "source_profile", context, report);
  const source: Source =
    from === undefined ? { type: "profile", profile: profile ?? "" } : { type: "credential-source", from };
  const region = table.region ?? context.profiles.get(profile ?? "")?.settings.region;
  return {
    type: "session-token",
    name,
    definedIn: definedIn(name),
    source,
    mfaSerial,
    askedAs: name,
    durationSeconds: table.duration_seconds ?? mfaSessionSeconds,
    ...(table.mfa_process !== undefined && { mfaProcess: table.mfa_process }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { endpointProfile: profile }),
  };
};
