import type { Operation } from "../call.ts";
import { accessKeyOperations } from "./access-keys.ts";
import { policyOperations } from "./policies.ts";
import { roleOperations } from "./roles.ts";
import { userOperations } from "./users.ts";

export const iamOperations: Readonly<Record<string, Operation>> = {
  ...roleOperations,
  ...userOperations,
  ...policyOperations,
  ...accessKeyOperations,
};
