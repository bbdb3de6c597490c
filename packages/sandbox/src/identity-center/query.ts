import type { AwsRequest } from "../aws-request.ts";
import { invalidRequest } from "./json-body.ts";

/** Throws `InvalidRequestException`. */
export function requiredParameter({ query }: AwsRequest, name: string): string {
  const value = query.get(name) ?? "";
  if (value === "") throw invalidRequest(`Missing required parameter: ${name}`);
  return value;
}
