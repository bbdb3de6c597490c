import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { AdmitsClient } from "./client-networks.ts";

/** The connections of a server, and who may have one. */
export class Connections {
  readonly #open = new Set<Socket>();
  #admits: AdmitsClient = () => true;
  #onFirstRefused: ((address: string) => void) | undefined;

  constructor(server: Server) {
    // Before the server's own listener, which would read the request.
    server.prependListener("connection", (socket: Socket) => this.#arrived(socket));
  }

  /** Cuts off all clients but these from now on, also connected ones. The first that is cut off is told of. */
  admitOnly(admits: AdmitsClient, onFirstRefused: (address: string) => void): void {
    this.#admits = admits;
    this.#onFirstRefused = onFirstRefused;
    for (const socket of this.#open) if (!admits(socket)) this.#refuse(socket);
  }

  #arrived(socket: Socket): void {
    if (!this.#admits(socket)) return this.#refuse(socket);
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
  }

  #refuse(socket: Socket): void {
    const { remoteAddress } = socket;
    socket.destroy();
    if (remoteAddress === undefined) return;
    this.#onFirstRefused?.(remoteAddress);
    this.#onFirstRefused = undefined;
  }
}
