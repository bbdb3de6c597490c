import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { AdmitsClient } from "./client-networks.ts";

/** What a connection has come to. Moments are numbers that grow with each connection and each request. */
interface Client {
  readonly arrivedAt: number;
  newest?: { readonly askedAt: number; readonly answer: ServerResponse };
}

/** Whose turn it is to make room: the lower, the sooner; then whoever has been so for longest. */
interface Standing {
  readonly rank: 0 | 1 | 2;
  readonly since: number;
}

/** The connections of a server: who may have one, and how many there are. */
export class Connections {
  readonly #clients = new Map<Socket, Client>();
  #moment = 0;
  #admits: AdmitsClient = () => true;
  #onFirstRefused: ((address: string) => void) | undefined;
  #most = Number.POSITIVE_INFINITY;
  #onDropped: () => void = () => undefined;

  constructor(server: Server) {
    // Before the server's own listeners, which would read the request, and answer it.
    server.prependListener("connection", (socket: Socket) => this.#arrived(socket));
    server.prependListener("request", ({ socket }: IncomingMessage, answer: ServerResponse) => {
      const client = this.#clients.get(socket);
      if (client === undefined) return;
      this.#moment += 1;
      client.newest = { askedAt: this.#moment, answer };
    });
  }

  /** Cuts off all clients but these from now on, also connected ones. The first that is cut off is told of. */
  admitOnly(admits: AdmitsClient, onFirstRefused: (address: string) => void): void {
    this.#admits = admits;
    this.#onFirstRefused = onFirstRefused;
    for (const socket of this.#clients.keys()) if (!admits(socket)) this.#refuse(socket);
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
    this.#moment += 1;
    this.#clients.set(socket, { arrivedAt: this.#moment });
    socket.once("close", () => this.#clients.delete(socket));
  }

  /** Until so many are left. */
  #makeRoom(most: number): void {
    while (this.#clients.size > most) {
      const quietest = this.#quietest();
      if (quietest === undefined) return;
      // Its descriptor is free at once, but it tells of its end only later.
      this.#clients.delete(quietest);
      quietest.destroy();
      this.#onDropped();
    }
  }

  #quietest(): Socket | undefined {
    let first: (Standing & { readonly socket: Socket }) | undefined;
    for (const [socket, client] of this.#clients) {
      const { rank, since } = standing(client);
      if (first === undefined || rank < first.rank || (rank === first.rank && since < first.since))
        first = { socket, rank, since };
    }
    return first?.socket;
  }

  #refuse(socket: Socket): void {
    const { remoteAddress } = socket;
    socket.destroy();
    if (remoteAddress === undefined) return;
    this.#onFirstRefused?.(remoteAddress);
    this.#onFirstRefused = undefined;
  }
}

function standing({ arrivedAt, newest }: Client): Standing {
  if (newest?.answer.writableFinished === true) return { rank: 0, since: newest.askedAt };
  // Nothing but a GET is worth waiting for: a body may never come.
  if (newest?.answer.req.method === "GET") return { rank: 2, since: newest.askedAt };
  return { rank: 1, since: arrivedAt };
}
