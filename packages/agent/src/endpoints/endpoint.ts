import { RoleAgentError, httpStatusOf } from "@role-agent/provider/errors";
import { toErrorDocument } from "@role-agent/provider/protocol";
import { AskNextAgent } from "../core/confirmation.ts";
import type { PeerIdentity } from "./peer-identity.ts";

/** One request as an endpoint sees it: plain data, so that endpoints need no socket to be tested. */
export interface EndpointRequest {
  readonly method: string;
  /** The request target as sent, undecoded. */
  readonly target: string;
  /** Names and values in turn, as they came, duplicates and all. */
  readonly rawHeaders: readonly string[];
  /** Empty where there is none. */
  readonly body: string;
  /** Who asks, where the system tells it. */
  readonly peer?: PeerIdentity | undefined;
  /** For answers that take a while. */
  readonly client?: WaitingClient;
}

/** The client of a request that is not answered yet. */
export interface WaitingClient {
  /** Has its leaving told, at once where it has left; answers how to hear of it no more. */
  onGone(callback: () => void): () => void;
  /** Tells it that the answer takes a while (102): only a client that is known to understand that. */
  tellToWait(): void;
}

/** What an endpoint answers. */
export interface EndpointResponse {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
  /** Whether the connection ends with this answer. */
  readonly close?: boolean;
  /** Sends more after the body, for as long as the client listens; answers how to stop. */
  readonly stream?: (client: StreamClient) => () => void;
}

/** The reader of an answer that goes on. */
export interface StreamClient {
  readonly send: (text: string) => void;
  readonly end: () => void;
}

/** Turns requests into answers in one AWS dialect. One that throws or rejects has its client answered 500. */
export type Endpoint = (request: EndpointRequest) => EndpointResponse | Promise<EndpointResponse>;

const plainHeaders: readonly string[] = ["Cache-Control", "no-store", "X-Content-Type-Options", "nosniff"];
const jsonHeaders: readonly string[] = ["Content-Type", "application/json", ...plainHeaders];

/** An answer whose body is JSON text already. */
export function jsonText(body: string): EndpointResponse {
  return { status: 200, headers: jsonHeaders, body };
}

/** An answer that is one plain value, without a newline: clients take every character for a part of it. */
export function plainText(body: string, headers: readonly string[] = []): EndpointResponse {
  return { status: 200, headers: ["Content-Type", "text/plain", ...plainHeaders, ...headers], body };
}

/** An answer of another content type. */
export function text(type: string, body: string): EndpointResponse {
  return { status: 200, headers: ["Content-Type", type, ...plainHeaders], body };
}

/** An error in both casings; refusals of the request itself bring their own status. */
export function errorResponse(error: unknown, status?: number): EndpointResponse {
  const known =
    error instanceof RoleAgentError
      ? error
      : new RoleAgentError("SourceUnavailable", "the agent failed to answer", { cause: error });
  const retryAfter = httpStatusOf[known.code] === 503 ? ["Retry-After", retryAfterText(known)] : [];
  // Request Timeout: clients ask again on another connection, as our own and curl --retry do.
  const usual = known instanceof AskNextAgent ? 408 : httpStatusOf[known.code];
  return {
    status: status ?? usual,
    headers: [...jsonHeaders, ...retryAfter],
    body: JSON.stringify(toErrorDocument(known)),
  };
}

function retryAfterText({ retryAfterSeconds = 1 }: RoleAgentError): string {
  return String(Math.max(1, Math.ceil(retryAfterSeconds)));
}
