import type { RoleSummary } from "@role-agent/provider";
import { printable } from "../core/printable.ts";

/**
 * A config.toml to start from: everything that could stand in it for the roles that are there already, as comments, so
 * that it changes nothing by itself.
 */
export function firstConfig(roles: readonly RoleSummary[]): string {
  const working = roles.filter(({ problem }) => problem === null);
  const example = JSON.stringify(working[0]?.name ?? "deploy");
  return `# role-agent: what AWS profiles can't say. Remove the # of what you want; role-agent reload reads it again.
# Every key: role-agent's docs/config.md. No secret belongs here, and there is no key for one.

[agent]
# profiles = true          # each AWS profile is a role by its own name
# prefetch = [${example}]   # kept fresh from the start; others from their first use
# idle_timeout = "12h"     # stop renewing a role that nobody asked for

${working.length === 0 ? "# No AWS profile was found that could be a role.\n" : "# These profiles are roles already:\n"}${roles.map(roleLines).join("")}
# A role that is assumed with the keys of a profile:
# [roles.example]
# role_arn = "arn:aws:iam::123456789012:role/Example"
# source_profile = ${example}
# external_id = "given-by-its-owner"
# region = "eu-west-1"

# The same identity with fewer rights:
# [roles.example-readonly]
# source_role = "example"
# policy_file = "readonly.json"
`;
}

function roleLines({ name, type, roleArn, source, problem }: RoleSummary): string {
  const what = problem === null ? (roleArn ?? source) : `does not work: ${problem}`;
  return `#   ${printable(name)}: ${type}, ${printable(what)}\n`;
}
