import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error.ts";
import { readQueryParams, type QueryParams } from "./query-params.ts";

const maxBodyBytes = 1 << 20;

/** One HTTP request, read whole. */
export interface AwsRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  params: QueryParams;
  sourceIp: string;
}

/** Throws `RequestEntityTooLarge` (413) for a body above 1 MiB, well over IAM's longest policy. */
export async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const [path = "", ...rest] = (incoming.url ?? "").split("?");
  const query = new URLSearchParams(rest.join("?"));
  const body = await readBody(incoming);
  return {
    method: incoming.method ?? "",
    path,
    query,
    headers: joinedHeaders(incoming),
    body,
    params: readQueryParams(query, body.toString()),
    sourceIp: incoming.socket.remoteAddress ?? "",
  };
}

/**
 * Reads what is too long to its end too, since a caller that is still sending doesn't listen for the answer.
 */
async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) {
    throw new AwsError("RequestEntityTooLarge", `The request is longer than ${maxBodyBytes} bytes`, 413);
  }
  return Buffer.concat(chunks);
}

function joinedHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(",");
  }
  return headers;
}
