import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../core/error-code.ts";
import { errorResponse, type Endpoint, type EndpointResponse } from "../endpoints/endpoint.ts";
import { refusal } from "../endpoints/guards.ts";
import type { PeerIdentity } from "../endpoints/peer-identity.ts";
import { counted, RequestCounts } from "../metrics/request-counts.ts";
import { HttpWaitingClient } from "./waiting-client.ts";

const maxHeaderBytes = 8192;
/** A policy of 2048 characters fits, however it is escaped as JSON text. */
const maxBodyBytes = 16_384;
const maxUnreadBytes = 256 * 1024;
const drainMs = 5000;
const sendOnMs = 1000;

/** Bound the time and memory that a client can hold; clients wait for an answer as long as they like. */
const limits = {
  maxHeaderSize: maxHeaderBytes,
  headersTimeout: 2000,
  requestTimeout: 5000,
  // Node looks for late requests this often only, every 30 s by default.
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 30_000,
  requireHostHeader: true,
  insecureHTTPParser: false,
};

/** Tells who has opened a connection, where that can be told. */
export type Identify = (socket: Socket) => PeerIdentity | undefined;

/**
 * An HTTP/1.1 server around an endpoint; it does not listen yet. What becomes of requests is added to `counts`.
 *
 * @param identify - asked once for each connection, as soon as it is there
 */
export function httpServer(
  endpoint: Endpoint,
  counts: RequestCounts = new RequestCounts(),
  identify?: Identify,
): Server {
  const answer = counted(endpoint, counts);
  const peers = new WeakMap<Socket, PeerIdentity>();
  const server = createServer(limits, (request, response) => {
    const peer = peers.get(request.socket);
    const refused = refuseForm(request);
    if (refused !== undefined) {
      counts.count(refused, peer);
      return send(response, refused);
    }
    if (request.method === "GET") return serve(answer, { request, response, peer, body: "" });
    return withBody(request, response, (body) => serve(answer, { request, response, peer, body }));
  });
  server.prependListener("connection", (socket: Socket) => {
    const peer = identify?.(socket);
    if (peer !== undefined) peers.set(socket, peer);
  });
  server.on("drop", () => (counts.dropped += 1));
  server.maxRequestsPerSocket = 1000;
  server.on("clientError", (error, socket) => {
    if (isRefusal(error)) counts.refused += 1;
    if (socket.writable)
      socket.write(`HTTP/1.1 ${statusOf(error)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.destroy();
  });
  // A connection that can't be accepted, for want of memory or descriptors, is the client's loss alone.
  server.on("error", () => undefined);
  server.on("connect", (_request, socket) => socket.destroy());
  return server;
}

/** How many clients are connected. */
export async function openConnections(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((_error, count) => resolve(count));
  });
}

/**
 * Goes on for a while beside a successor that listens, too, and has clients that keep their connections go there: each
 * answer ends its connection. So hardly anybody has a request under way when the idle ones are closed.
 */
export async function sendClientsOn(server: Server): Promise<void> {
  server.prependListener("request", (_request, response) => response.setHeader("Connection", "close"));
  await sleep(sendOnMs);
}

/** Stops accepting, lets the answers under way finish for 5 s at most, and resolves when all connections are gone. */
export async function closeGracefully(server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  clearInterval(sweep);
  clearTimeout(cut);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly peer: PeerIdentity | undefined;
  readonly body: string;
}

function serve(endpoint: Endpoint, { request, response, peer, body }: Exchange): void {
  const { method = "", url = "", rawHeaders } = request;
  const client = new HttpWaitingClient(request, response);
  const fail = (error: unknown): void => send(response, errorResponse(error, 500));
  try {
    const answer = endpoint({ method, target: url, rawHeaders, body, peer, client });
    if (answer instanceof Promise) void answer.then((late) => send(response, late)).catch(fail);
    else send(response, answer);
  } catch (error) {
    fail(error);
  }
}

function send(response: ServerResponse, answer: EndpointResponse): void {
  if (response.headersSent) return void response.destroy();
  const { status, headers, body, close, stream } = answer;
  if (stream !== undefined) return goOn(response, answer, stream);
  const closing = close === true ? ["Connection", "close"] : [];
  response
    .writeHead(status, [...headers, "Content-Length", String(Buffer.byteLength(body)), ...closing])
    .end(body);
}

function goOn(
  response: ServerResponse,
  { status, headers, body }: EndpointResponse,
  stream: NonNullable<EndpointResponse["stream"]>,
): void {
  const start = (): void => {
    response.writeHead(status, [...headers, "Connection", "close"]).write(body);
    const stop = stream({
      send: (text) => {
        response.write(text);
        // A client that does not read must not fill the memory.
        if (response.writableLength > maxUnreadBytes) response.destroy();
      },
      end: () => response.end(),
    });
    response.once("close", stop);
  };
  // A client that goes while something is written.
  response.on("error", () => undefined);
  // Its turn may never come behind a pipelined request that goes on, too, and then nothing tells of its end.
  if (response.socket === null) response.once("socket", start);
  else start();
}

/** HTTP/1.0 has no Host to check, and a GET with a body is a smuggling attempt or a mistake. */
function refuseForm({ httpVersionMinor, method, headers }: IncomingMessage): EndpointResponse | undefined {
  if (httpVersionMinor !== 1) return refusal(400, "HTTP/1.1 is required");
  const length = Number(headers["content-length"] ?? 0);
  const hasBody = length > 0 || headers["transfer-encoding"] !== undefined;
  if (hasBody && method !== "POST" && method !== "PUT") return refusal(400, "this request takes no body");
  return length > maxBodyBytes ? refusal(413, `the body is larger than ${maxBodyBytes} bytes`) : undefined;
}

function withBody(request: IncomingMessage, response: ServerResponse, then: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else if (!response.headersSent) {
      send(response, refusal(413, `the body is larger than ${maxBodyBytes} bytes`));
      request.destroy();
    }
  });
  request.on("end", () => {
    if (!response.headersSent) then(Buffer.concat(chunks).toString());
  });
  request.on("error", () => undefined);
}

/** Clients that went away have sent nothing that could be refused. */
function isRefusal(error: Error): boolean {
  const code = codeOf(error);
  return code === "ERR_HTTP_REQUEST_TIMEOUT" || (typeof code === "string" && code.startsWith("HPE_"));
}

function statusOf(error: Error): string {
  const code = codeOf(error);
  if (code === "HPE_HEADER_OVERFLOW") return "431 Request Header Fields Too Large";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";
}
