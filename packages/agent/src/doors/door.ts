import type { Server } from "node:http";
import { addressText, type EndpointConfig, type ListenAddress } from "../config/endpoint-config.ts";
import { refusal } from "../endpoints/guards.ts";
import type { RequestCounts } from "../metrics/request-counts.ts";
import { closeGracefully, httpServer, openConnections } from "../system/http-server.ts";
import { admitNeighboursOnly } from "../system/neighbours.ts";
import { listenOnSocket, type PublishedSocket } from "../system/socket.ts";
import { prepareSharedDirectory } from "../system/socket-directory.ts";
import { listenOnTcp } from "../system/tcp.ts";
import { dialectOf, type Dialect, type DialectContext } from "./dialect.ts";

const nothingYet: Dialect = { endpoint: () => refusal(404, "nothing is served yet"), roles: [] };

/** One open door beside the agent socket: it stays open while what it serves changes. */
export class Door {
  readonly #context: DialectContext;
  readonly #server: Server;
  #dialect = nothingYet;
  #port = 0;
  #socket: PublishedSocket | undefined;

  constructor(context: DialectContext, counts: RequestCounts) {
    this.#context = context;
    this.#server = httpServer((request) => this.#dialect.endpoint(request), counts);
  }

  /** Rejects with a RoleAgentError that says what is in the way; the door is shut then. */
  async open(config: EndpointConfig): Promise<void> {
    if (config.type === "socket") {
      this.#socket = await listenOnSocket(this.#server, config.path, prepareSharedDirectory);
    } else {
      // No token of its clients' tells them apart.
      if (config.type === "imds") admitNeighboursOnly(this.#server, config.listen.host);
      this.#port = await listenOnTcp(this.#server, config.listen);
    }
    this.serve(config);
  }

  /** Answers by another configuration of the same place from now on. Throws where it can't. */
  serve(config: EndpointConfig): void {
    this.#dialect = dialectOf(config, this.#port, this.#context);
  }

  get roles(): Dialect["roles"] {
    return this.#dialect.roles;
  }

  /** Where it listens, with the port that was free. */
  address(config: EndpointConfig): string {
    const address = this.tcpAddress(config);
    return address === undefined ? placeOf(config) : addressText(address);
  }

  /** The same as data; undefined for a socket. */
  tcpAddress(config: EndpointConfig): ListenAddress | undefined {
    return config.type === "socket" ? undefined : { ...config.listen, port: this.#port };
  }

  /** How many clients are connected. */
  async connections(): Promise<number> {
    return openConnections(this.#server);
  }

  /** Lets nobody in from now on, and resolves when the answers under way are given. */
  async close(): Promise<void> {
    this.#socket?.unpublish();
    if (this.#server.listening) await closeGracefully(this.#server);
  }
}

/** Where config.toml has a door listen. */
export function placeOf(config: EndpointConfig): string {
  return config.type === "socket" ? config.path : addressText(config.listen);
}
