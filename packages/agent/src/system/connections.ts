import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { AdmitsClient } from "./client-networks.ts";

/** The connections of a server: who may have one, and how many there are. */
export class Connections {
  // Each in the order in which they came to be so.
  readonly #answered = new Set<Socket>();
  readonly #silent = new Set<Socket>();
  readonly #asking = new Set<Socket>();
  #admits: AdmitsClient = () => true;
  #onFirstRefused: ((address: string) => void) | undefined;
  #most = Number.POSITIVE_INFINITY;
  #onDropped: () => void = () => undefined;

  constructor(server: Server) {
    // Before the server's own listeners, which would read the request, and answer it.
    server.prependListener("connection", (socket: Socket) => this.#arrived(socket));
    server.prependListener("request", ({ socket, method }: IncomingMessage, response: ServerResponse) => {
      // Nothing else is worth waiting for: a body may never come.
      if (method === "GET") this.#move(socket, this.#asking);
      response.once("close", () => this.#move(socket, this.#answered));
    });
  }

  /** Cuts off all clients but these from now on, also connected ones. The first that is cut off is told of. */
  admitOnly(admits: AdmitsClient, onFirstRefused: (address: string) => void): void {
    this.#admits = admits;
    this.#onFirstRefused = onFirstRefused;
    for (const socket of [...this.#answered, ...this.#silent, ...this.#asking])
      if (!admits(socket)) this.#refuse(socket);
  }

  /**
   * Keeps so many from now on. A newcomer is never turned away, so that nobody keeps others out by holding connections:
   * room is made by those that have had an answer, then by those that never asked, at last by those that wait for one;
   * always by whoever has been so for longest.
   */
  keepAtMost(most: number, onDropped: () => void): void {
    this.#most = most;
    this.#onDropped = onDropped;
    this.#makeRoom(most);
  }

  #arrived(socket: Socket): void {
    // Another listener has cut it off already.
    if (socket.destroyed) return;
    if (!this.#admits(socket)) return this.#refuse(socket);
    this.#makeRoom(this.#most - 1);
    this.#silent.add(socket);
    socket.once("close", () => this.#forget(socket));
  }

  /** Until so many are left. */
  #makeRoom(most: number): void {
    const inTurn = [this.#answered, this.#silent, this.#asking];
    while (inTurn.reduce((sum, { size }) => sum + size, 0) > most) {
      const [quietest] = inTurn.find(({ size }) => size > 0) ?? [];
      if (quietest === undefined) return;
      // Its descriptor is free at once, but it tells of its end only later.
      this.#forget(quietest);
      quietest.destroy();
      this.#onDropped();
    }
  }

  #move(socket: Socket, to: Set<Socket>): void {
    if (this.#forget(socket)) to.add(socket);
  }

  #forget(socket: Socket): boolean {
    return this.#answered.delete(socket) || this.#silent.delete(socket) || this.#asking.delete(socket);
  }

  #refuse(socket: Socket): void {
    const { remoteAddress } = socket;
    socket.destroy();
    if (remoteAddress === undefined) return;
    this.#onFirstRefused?.(remoteAddress);
    this.#onFirstRefused = undefined;
  }
}
