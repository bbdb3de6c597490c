import { RoleAgentError } from "@role-agent/provider/errors";

/** The endpoint or the partition does not have the operation, so that it must be had in another way. */
export class OperationMissing extends RoleAgentError {
  readonly isOperationMissing = true;
}
