import { parentOf, type AssumeRole, type Role, type ScopedRole } from "../core/role.ts";
import { stsEndpointOf } from "../core/sts-endpoint.ts";

/**
 * Has roles that are obtained with another role's session call STS where that role does, as the AWS CLI does for the
 * profiles of a chain: the endpoint of its source profile, and its region where they have none.
 */
export function inheritEndpoints(roles: Map<string, Role>): void {
  for (const start of roles.values()) {
    const chain: (AssumeRole | ScopedRole)[] = [];
    let ancestor: Role | undefined = start;
    while (ancestor !== undefined && lacksEndpoint(ancestor)) {
      chain.push(ancestor);
      ancestor = roles.get(parentOf(ancestor) ?? "");
    }
    let parent: Role | undefined = ancestor;
    for (const role of chain.toReversed()) {
      const { region } = role;
      parent = { ...role, ...stsEndpointOf(parent), ...(region !== undefined && { region }) };
      roles.set(role.name, parent);
    }
  }
}

function lacksEndpoint(role: Role): role is AssumeRole | ScopedRole {
  const isChained = (role.type === "assume-role" || role.type === "scoped") && parentOf(role) !== undefined;
  return isChained && role.endpointProfile === undefined;
}
