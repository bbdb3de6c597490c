import { AwsError } from "./aws-error.ts";
import type { AwsRequest } from "./aws-request.ts";
import type { World } from "./dispatch.ts";
import { jsonErrorReply, type Reply } from "./reply.ts";
import { createSession } from "./rolesanywhere/create-session.ts";
import { authorizeOAuth2Access } from "./signin/authorize.ts";
import { createOAuth2Token } from "./signin/create-oauth2-token.ts";

/** An operation that is known by its method and path, and answers JSON. */
export interface RestOperation {
  name: string;
  method: string;
  path: string;
  /** Throws `AwsError`. */
  handle: (request: AwsRequest, world: World) => Reply | Promise<Reply>;
}

export const restOperations: readonly RestOperation[] = [
  { name: "CreateSession", method: "POST", path: "/sessions", handle: createSession },
  { name: "AuthorizeOAuth2Access", method: "GET", path: "/v1/authorize", handle: authorizeOAuth2Access },
  { name: "CreateOAuth2Token", method: "POST", path: "/v1/token", handle: createOAuth2Token },
];

export function restOperationOf({ method, path }: AwsRequest): RestOperation | undefined {
  return restOperations.find((each) => each.method === method && each.path === path);
}

/** Carries an operation out. Never throws. */
export async function dispatchRest(
  { handle }: RestOperation,
  request: AwsRequest,
  world: World,
): Promise<Reply> {
  try {
    return await handle(request, world);
  } catch (error) {
    return jsonErrorReply(
      error instanceof AwsError ? error : new AwsError("InternalServerException", String(error), 500),
    );
  }
}
