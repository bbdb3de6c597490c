import { AwsError } from "../aws-error.ts";
import type { IdentityCenter, SignIn } from "./instance.ts";
import type { JsonBody } from "./json-body.ts";

/** What a grant is judged by. */
export interface GrantContext {
  /** Of the client that proved itself. */
  clientId: string;
  identityCenter: IdentityCenter;
  now: number;
}

/** Uses a grant up and says which sign-in it stands for. Throws `InvalidGrantException` and the like. */
export type Grant = (body: JsonBody, context: GrantContext) => SignIn;

export function invalidGrant(message: string): AwsError {
  return new AwsError("InvalidGrantException", message);
}
