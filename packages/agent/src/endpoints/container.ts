import { RoleAgentError } from "@role-agent/provider/errors";
import { credentialsPath } from "@role-agent/provider/protocol";
import type { Clock } from "../core/clock.ts";
import { promptSession, type CredentialSupply } from "./credential-supply.ts";
import { headerOf, refuseAtDoor } from "./door-guard.ts";
import { errorResponse, jsonText, type Endpoint, type EndpointResponse } from "./endpoint.ts";
import { refusal } from "./guards.ts";
import type { RoleOfToken } from "./role-tokens.ts";

/** What a container credentials endpoint is made of. */
export interface ContainerOptions {
  /** Values of `Host` that are accepted: exactly these. */
  readonly hosts: readonly string[];
  readonly roleOf: RoleOfToken;
  readonly supply: CredentialSupply;
  readonly clock: Clock;
}

/** The path of the token's own role: the one that EKS Pod Identity uses. */
export const containerPath = "/v1/credentials";

/**
 * The container credentials endpoint of ECS and EKS Pod Identity: `GET /v1/credentials` with a token in
 * `Authorization`, as it is or as `Bearer TOKEN`. The token decides the role; `/v1/credentials/ROLE` is the same for
 * whoever wants to be sure of the role.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export function containerEndpoint({ hosts, roleOf, supply, clock }: ContainerOptions): Endpoint {
  return (request) => {
    const refused = refuseAtDoor(request, hosts);
    if (refused !== undefined) return refused;
    const { target } = request;
    if (target !== containerPath && !target.startsWith(`${containerPath}/`))
      return refusal(404, "no such route");
    const authorization = headerOf(request, "authorization");
    if (authorization === undefined) return unauthorized("the header Authorization is missing");
    const role = roleOf(authorization.replace(/^Bearer /i, ""));
    if (role === undefined) return unauthorized("the token is not one of this endpoint's");
    // One answer for roles that are there and roles that are not: a token tells nothing of other roles.
    if (target !== containerPath && target !== credentialsPath(role))
      return unauthorized("the token is for another role");
    const held = supply.peek(role, request.peer);
    if (held !== undefined) return jsonText(held);
    return promptSession(supply, role, clock, request.peer).then(jsonText, errorResponse);
  };
}

function unauthorized(message: string): EndpointResponse {
  const hint = "send the content of the role's token file; role-agent status --json names it";
  // Whoever has no token keeps no connection from those that have one.
  return { ...errorResponse(new RoleAgentError("Unauthorized", message, { hint })), close: true };
}
