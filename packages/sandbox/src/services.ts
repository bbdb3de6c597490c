import { AwsError } from "./aws-error.ts";
import type { Operation, UnsignedOperation } from "./call.ts";
import { iamOperations } from "./iam/operations.ts";
import type { QueryParams } from "./query-params.ts";
import { restOperations } from "./rest.ts";
import { stsOperations, unsignedStsOperations } from "./sts/operations.ts";

export interface Service {
  /** As a signature's scope names it. */
  name: "sts" | "iam";
  namespace: string;
  operations: Readonly<Record<string, Operation>>;
  /** Actions that nobody signs. */
  unsignedOperations: Readonly<Record<string, UnsignedOperation>>;
}

/** Of error documents too where the request doesn't say which service it is for. */
export const stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

const sts: Service = {
  name: "sts",
  namespace: stsNamespace,
  operations: stsOperations,
  unsignedOperations: unsignedStsOperations,
};

const iam: Service = {
  name: "iam",
  namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
  operations: iamOperations,
  unsignedOperations: {},
};

/** Both services share one address, as AWS_ENDPOINT_URL wants it; the API version tells them apart. */
const servicesByVersion: ReadonlyMap<string, Service> = new Map([
  ["2011-06-15", sts],
  ["2010-05-08", iam],
]);

export const operationNames: ReadonlySet<string> = new Set([
  ...[sts, iam].flatMap(({ operations, unsignedOperations }) =>
    Object.keys({ ...operations, ...unsignedOperations }),
  ),
  ...restOperations.map(({ name }) => name),
]);

/** The service a request is for; STS where it doesn't say. */
export function serviceOf(params: QueryParams): Service {
  return servicesByVersion.get(params.get("Version") ?? "") ?? sts;
}

/** The action that a request is for, if it is one that nobody signs. */
export function unsignedOperationOf(params: QueryParams): UnsignedOperation | undefined {
  const operations = servicesByVersion.get(params.get("Version") ?? "")?.unsignedOperations ?? {};
  const action = params.get("Action") ?? "";
  return Object.hasOwn(operations, action) ? operations[action] : undefined;
}

/** Throws `MissingAction` or `InvalidAction`. */
export function operationOf(params: QueryParams): Operation {
  const [action, version] = [params.get("Action"), params.get("Version")];
  if (action === undefined) throw new AwsError("MissingAction", "The request names no Action.");
  const operations = servicesByVersion.get(version ?? "")?.operations ?? {};
  const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
  if (operation === undefined) {
    throw new AwsError(
      "InvalidAction",
      `Could not find operation ${action} for version ${version ?? "NO_VERSION_SPECIFIED"}`,
    );
  }
  return operation;
}
