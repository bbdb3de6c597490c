import { AwsError } from "../aws-error.ts";
import type { Call } from "../call.ts";

/** A boundary that was taken and then not enforced would grant more than AWS does. */
export function refusePermissionsBoundary({ request }: Call): void {
  if (request.params.has("PermissionsBoundary")) {
    throw new AwsError("InvalidInput", "The sandbox knows no permissions boundaries.");
  }
}
