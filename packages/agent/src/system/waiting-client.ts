import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { WaitingClient } from "../endpoints/endpoint.ts";

/** One listener for each connection, however many requests are pipelined on it. */
const leaving = new WeakMap<Socket, Set<() => void>>();

/** The client of a request whose answer takes a while. */
export class HttpWaitingClient implements WaitingClient {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  onGone(callback: () => void): () => void {
    const { socket } = this.#request;
    if (socket.destroyed) {
      callback();
      return () => undefined;
    }
    const callbacks = leaving.get(socket) ?? listenTo(socket);
    callbacks.add(callback);
    return () => callbacks.delete(callback);
  }

  /** @see https://www.rfc-editor.org/rfc/rfc2518#section-10.1 */
  tellToWait(): void {
    if (!this.#request.socket.destroyed) this.#response.writeProcessing();
  }
}

function listenTo(socket: Socket): Set<() => void> {
  const callbacks = new Set<() => void>();
  leaving.set(socket, callbacks);
  socket.once("close", () => {
    for (const callback of callbacks) callback();
  });
  return callbacks;
}
