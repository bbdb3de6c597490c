import { RoleAgentError } from "@role-agent/provider/errors";
import { credentialsPath, socketHosts } from "@role-agent/provider/protocol";
import type { MayHave } from "./confirming.ts";
import { firstSession, type CredentialSupply } from "./credential-supply.ts";
import { refuseAtDoor } from "./door-guard.ts";
import { errorResponse, jsonText, type Endpoint, type EndpointResponse } from "./endpoint.ts";
import { refusal } from "./guards.ts";

/** What a restricted socket serves. */
export interface ReadApiOptions {
  readonly roles: readonly string[];
  readonly supply: CredentialSupply;
  readonly mayHave: MayHave;
}

/**
 * The part of the agent socket's protocol that a container may have: `GET /v1/credentials/ROLE` of the named roles.
 * It waits for a first session as long as its client does. Nothing else is there, and nothing tells of other roles.
 */
export function readApi({ roles, supply, mayHave }: ReadApiOptions): Endpoint {
  const rolesByPath = new Map(roles.map((role) => [credentialsPath(role), role]));
  return (request) => {
    const refused = refuseAtDoor(request, socketHosts);
    if (refused !== undefined) return refused;
    const role = rolesByPath.get(request.target);
    if (role === undefined) return notServed(request.target);
    const give = (): EndpointResponse | Promise<EndpointResponse> => {
      const held = supply.peek(role, request.peer);
      return held === undefined
        ? firstSession(supply, role, request.peer).then(jsonText, errorResponse)
        : jsonText(held);
    };
    return mayHave(role, request)?.then(give, errorResponse) ?? give();
  };
}

function notServed(target: string): EndpointResponse {
  if (!target.startsWith(credentialsPath(""))) return refusal(404, "this socket serves credentials alone");
  return errorResponse(new RoleAgentError("RoleNotFound", "this socket does not serve the role"));
}
