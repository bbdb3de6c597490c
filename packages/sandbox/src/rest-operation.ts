import type { AwsError } from "./aws-error.ts";
import type { AwsRequest } from "./aws-request.ts";
import type { World } from "./dispatch.ts";
import type { Reply } from "./reply.ts";

/** An operation that is known by its method and path, and answers JSON. */
export interface RestOperation {
  name: string;
  method: string;
  path: string;
  /** Throws `AwsError`. */
  handle: (request: AwsRequest, world: World) => Reply | Promise<Reply>;
  /** How its service writes an error. */
  refuse: (error: AwsError) => Reply;
}
