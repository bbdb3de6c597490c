import type { AwsRequest } from "../aws-request.ts";
import { invalidRequest } from "./json-body.ts";

const defaultMaxResults = 20;

/** The part of `items` that `next_token` and `max_result` ask for. Throws `InvalidRequestException`. */
export function pageOf<Item>(
  { query }: AwsRequest,
  items: readonly Item[],
): { page: Item[]; nextToken: string | undefined } {
  const maxResults = Number(query.get("max_result") ?? defaultMaxResults);
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > 100) {
    throw invalidRequest("max_result must be from 1 to 100");
  }
  const start = Number(Buffer.from(query.get("next_token") ?? "", "base64url").toString());
  if (!Number.isInteger(start) || start < 0) throw invalidRequest("Invalid next_token");
  const end = start + maxResults;
  const nextToken = end < items.length ? Buffer.from(String(end)).toString("base64url") : undefined;
  return { page: items.slice(start, end), nextToken };
}
