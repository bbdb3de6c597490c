import { AwsError } from "./aws-error.ts";
import type { AwsRequest } from "./aws-request.ts";
import type { World } from "./dispatch.ts";
import { identityCenterOperations } from "./identity-center/operations.ts";
import { jsonErrorReply, type Reply } from "./reply.ts";
import type { RestOperation } from "./rest-operation.ts";
import { createSession } from "./rolesanywhere/create-session.ts";
import { authorizeOAuth2Access } from "./signin/authorize.ts";
import { createOAuth2Token } from "./signin/create-oauth2-token.ts";

const refuse = jsonErrorReply;

export const restOperations: readonly RestOperation[] = [
  { name: "CreateSession", method: "POST", path: "/sessions", handle: createSession, refuse },
  {
    name: "AuthorizeOAuth2Access",
    method: "GET",
    path: "/v1/authorize",
    handle: authorizeOAuth2Access,
    refuse,
  },
  { name: "CreateOAuth2Token", method: "POST", path: "/v1/token", handle: createOAuth2Token, refuse },
  ...identityCenterOperations,
];

export function restOperationOf({ method, path }: AwsRequest): RestOperation | undefined {
  return restOperations.find((each) => each.method === method && each.path === path);
}

/** Carries an operation out. Never throws. */
export async function dispatchRest(
  operation: RestOperation,
  request: AwsRequest,
  world: World,
): Promise<Reply> {
  try {
    return await operation.handle(request, world);
  } catch (error) {
    return operation.refuse(
      error instanceof AwsError ? error : new AwsError("InternalServerException", String(error), 500),
    );
  }
}
