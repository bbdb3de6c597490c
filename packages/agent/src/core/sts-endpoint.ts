import type { Role } from "./role.ts";

/** Which STS a call is made to. */
export interface StsEndpoint {
  readonly region?: string;
  readonly endpointProfile?: string;
}

/** Where a role's own STS is, for those who start from its session. */
export function stsEndpointOf(role: Role | undefined): StsEndpoint {
  if (role === undefined) return {};
  const region = "region" in role ? role.region : undefined;
  const own = "endpointProfile" in role ? role.endpointProfile : undefined;
  const endpointProfile = role.type === "profile" ? role.profile : own;
  return {
    ...(region !== undefined && { region }),
    ...(endpointProfile !== undefined && { endpointProfile }),
  };
}
