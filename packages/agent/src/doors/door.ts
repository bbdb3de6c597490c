import type { Server } from "node:http";
import {
  addressText,
  isLinkLocal,
  type EndpointConfig,
  type ListenAddress,
} from "../config/endpoint-config.ts";
import { refusal } from "../endpoints/guards.ts";
import type { Predecessor } from "../handover/predecessor.ts";
import { keepAnswersNear } from "../native/hop-limit.ts";
import { systemCalls } from "../native/system-calls.ts";
import type { RequestCounts } from "../metrics/request-counts.ts";
import { ownMachineAnd } from "../system/client-networks.ts";
import type { Activation } from "../system/activation.ts";
import { Connections } from "../system/connections.ts";
import { closeGracefully, httpServer, openConnections, sendClientsOn } from "../system/http-server.ts";
import type { Log } from "../system/log.ts";
import { identifyPeer } from "../system/peer.ts";
import { listenOnSocket, type PublishedSocket } from "../system/socket.ts";
import { prepareSharedDirectory } from "../system/socket-directory.ts";
import { listenOnTcp, portOf } from "../system/tcp.ts";
import { dialectOf, type Dialect, type DialectContext } from "./dialect.ts";

const nothingYet: Dialect = { endpoint: () => refusal(404, "nothing is served yet"), roles: [] };

/** What a door is made with. */
export interface DoorContext extends DialectContext {
  readonly log: Log;
  /** The process before, whose doors these are. */
  readonly predecessor?: Pick<Predecessor, "listenAt" | "listenBeside"> | undefined;
  /** What a service manager listens with already. */
  readonly activation?: Pick<Activation, "listenAt" | "listenAtPath"> | undefined;
}

/** How far the answers of a door go. */
export interface AnswerReach {
  readonly address: string;
  /** Null where the first router drops them. */
  readonly whyFar: string | null;
}

/** One open door beside the agent socket: it stays open while what it serves changes. */
export class Door {
  readonly #context: DoorContext;
  readonly #log: Log;
  readonly #server: Server;
  readonly #connections: Connections;
  readonly #counts: RequestCounts;
  #dialect = nothingYet;
  #port = 0;
  #socket: PublishedSocket | undefined;
  #whyAnswersGoFar: string | null | undefined;

  constructor(context: DoorContext, counts: RequestCounts) {
    this.#context = context;
    this.#log = context.log;
    this.#server = httpServer((request) => this.#dialect.endpoint(request), counts, identifyPeer);
    this.#connections = new Connections(this.#server);
    this.#counts = counts;
  }

  /**
   * Rejects with a RoleAgentError that says what is in the way; the door is shut then.
   *
   * @param key - tells it from all others, in the next process, too
   */
  async open(config: EndpointConfig, key: string): Promise<void> {
    const { predecessor, activation } = this.#context;
    if (config.type === "socket") {
      this.#socket =
        (await predecessor?.listenBeside(config.path, this.#server)) ??
        (await activation?.listenAtPath(config.path, this.#server, prepareSharedDirectory)) ??
        (await listenOnSocket(this.#server, config.path, prepareSharedDirectory));
    } else {
      this.#admitClients(config);
      // Throws before a socket of the service manager is used: it could not be had again.
      if (activation !== undefined) dialectOf(config, config.listen.port, this.#context);
      const isInherited =
        (await predecessor?.listenAt(key, this.#server)) === true ||
        (await activation?.listenAt(config.listen, this.#server)) === true;
      this.#port =
        (isInherited ? portOf(this.#server) : undefined) ?? (await listenOnTcp(this.#server, config.listen));
    }
    this.serve(config);
  }

  /** What the next process goes on listening with: of a TCP door that is open. */
  get listener(): Server | undefined {
    return this.#socket === undefined && this.#server.listening ? this.#server : undefined;
  }

  /** Has clients go to the next process, which listens, too. */
  async sendClientsOn(): Promise<void> {
    await sendClientsOn(this.#server);
  }

  /** Answers by another configuration of the same place from now on. Throws where it can't. */
  serve(config: EndpointConfig): void {
    this.#admitClients(config);
    this.#keepAnswersNear(config);
    this.#dialect = dialectOf(config, this.#port, this.#context);
  }

  /** How many clients may be connected from now on. */
  keepAtMost(clients: number): void {
    this.#connections.keepAtMost(clients, () => (this.#counts.dropped += 1));
  }

  /** Whoever comes over a network is refused, at 127.0.0.1, too: see {@link ownMachineAnd}. */
  #admitClients(config: EndpointConfig): void {
    if (!("clientCidrs" in config)) return;
    const others = isLinkLocal(config.listen) ? ", nor of client_cidrs" : "";
    this.#connections.admitOnly(ownMachineAnd(config.clientCidrs), (client) =>
      this.#log.warn(
        `${config.type} endpoint at ${this.address(config)}: refused ${client}, which is not of this machine${others}`,
      ),
    );
  }

  /** Answers for programs of this machine need to pass no router, whoever gets them sent through one. */
  #keepAnswersNear(config: EndpointConfig): void {
    if (!("clientCidrs" in config)) return;
    const isForOthers = isLinkLocal(config.listen) && config.clientCidrs.length > 0;
    const isDone = keepAnswersNear(this.#server, !isForOthers);
    if (isForOthers) this.#whyAnswersGoFar = "client_cidrs lets in clients that may be behind a router";
    else this.#whyAnswersGoFar = isDone ? null : (systemCalls().why ?? "the system refuses it");
  }

  /** Null where the first router drops its answers; undefined where it gives no credentials over TCP. */
  get whyAnswersGoFar(): string | null | undefined {
    return this.#whyAnswersGoFar;
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

  /** Whether clients that come now find it: a socket's path may have been removed, or lead to another socket. */
  isReachable(): boolean {
    return this.#socket?.isOurs() ?? true;
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
