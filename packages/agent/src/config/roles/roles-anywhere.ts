import type { Role } from "../../core/role.ts";
import { definedIn, type Report, type RoleBuilder, type RoleContext } from "../role-builder.ts";
import { anywhereRegionOf } from "../roles-anywhere-arn.ts";
import type { RoleTable } from "../schema/role-table.ts";
import { sessionNameProblem } from "../limits.ts";
import { fillTemplate } from "../session-name.ts";

/** A certificate and its key are exchanged for a session. The files are named here, and read by the issuer alone. */
export const rolesAnywhereRole: RoleBuilder = (name, table, context, report): Role => {
  const {
    role_arn: roleArn = "",
    trust_anchor_arn: trustAnchorArn = "",
    profile_arn: profileArn = "",
  } = table;
  const { certificate = "", private_key: privateKey = "", private_key_passphrase_file: passphrase } = table;
  const anchorRegion = anywhereRegionOf(trustAnchorArn) ?? "";
  if (anywhereRegionOf(profileArn) !== anchorRegion) {
    report(["profile_arn"], "is in another region than the trust anchor", "use a profile of its region");
  }
  const roleSessionName = sessionName(table, context, report);
  return {
    type: "roles-anywhere",
    name,
    definedIn: definedIn(name),
    roleArn,
    trustAnchorArn,
    profileArn,
    certificate: context.resolvePath(certificate),
    privateKey: context.resolvePath(privateKey),
    ...(passphrase !== undefined && { passphraseFile: context.resolvePath(passphrase) }),
    ...(table.duration_seconds !== undefined && { durationSeconds: table.duration_seconds }),
    ...(roleSessionName !== undefined && { roleSessionName }),
    region: table.region ?? anchorRegion,
  };
};

function sessionName(
  { role_session_name: template }: RoleTable,
  { identity }: RoleContext,
  report: Report,
): string | undefined {
  if (template === undefined) return undefined;
  const filled = fillTemplate(template, identity);
  const problem = sessionNameProblem(filled);
  if (problem !== undefined) report(["role_session_name"], `${problem}, once it is filled in: "${filled}"`);
  return filled;
}
