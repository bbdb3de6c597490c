import { parentOf, type AssumeRole, type Role } from "../core/role.ts";

/**
 * Has roles that are assumed with another role's session call STS where that role does, as the AWS CLI does for the
 * profiles of a chain: the endpoint of its source profile, and its region where they have none.
 */
export function inheritEndpoints(roles: Map<string, Role>): void {
  for (const start of roles.values()) {
    const chain: AssumeRole[] = [];
    let ancestor: Role | undefined = start;
    while (ancestor?.type === "assume-role" && lacksEndpoint(ancestor)) {
      chain.push(ancestor);
      ancestor = roles.get(parentOf(ancestor) ?? "");
    }
    let parent: Role | undefined = ancestor;
    for (const role of chain.toReversed()) {
      parent = { ...role, ...endpointOf(parent, role.region) };
      roles.set(role.name, parent);
    }
  }
}

function endpointProfileOf(parent: Role | undefined): string | undefined {
  if (parent?.type === "profile") return parent.profile;
  return parent !== undefined && "endpointProfile" in parent ? parent.endpointProfile : undefined;
}

function lacksEndpoint(role: AssumeRole): boolean {
  return role.endpointProfile === undefined && parentOf(role) !== undefined;
}

function endpointOf(
  parent: Role | undefined,
  ownRegion: string | undefined,
): Pick<AssumeRole, "endpointProfile" | "region"> {
  const region = ownRegion ?? (parent !== undefined && "region" in parent ? parent.region : undefined);
  const endpointProfile = endpointProfileOf(parent);
  return {
    ...(endpointProfile !== undefined && { endpointProfile }),
    ...(region !== undefined && { region }),
  };
}
