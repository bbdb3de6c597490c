import type { Server } from "node:http";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { EndpointStatus, LastError } from "@role-agent/provider/protocol";
import type { Config } from "../config/config.ts";
import { rolesOf, type EndpointConfig, type ListenAddress } from "../config/endpoint-config.ts";
import { eachDoorsShare } from "../core/connection-shares.ts";
import { utcSeconds } from "../core/session.ts";
import { stsEndpointOf } from "../core/sts-endpoint.ts";
import type { Log } from "../system/log.ts";
import { AlreadyServed } from "../system/socket.ts";
import { Door, placeOf, type AnswerReach, type DoorContext } from "./door.ts";
import { doorContext, type DoorsOptions } from "./doors-options.ts";

/** The part of the configuration that doors follow. */
export type DoorsPlan = Pick<Config, "endpoints" | "roles">;

interface Place {
  readonly config: EndpointConfig;
  /** Absent where it could not be opened. */
  readonly door?: Door;
  readonly lastError: LastError | null;
}

/** An address may be there only after the agent, and a port be given up: soon enough to go unnoticed. */
const retryMs = 2000;
/** How often it looks whether sockets are still where clients look for them. */
const checkMs = 5000;

/**
 * The doors beside the agent socket. They follow the configuration: those of a place that stays go on without losing a
 * connection, and one that can't be opened is told of, keeps nobody from the others, and is tried again. A socket that
 * somebody removes is published again.
 */
export class Doors {
  readonly #context: DoorContext;
  readonly #log: Log;
  readonly #requestCounts: DoorsOptions["requestCounts"];
  readonly #descriptors: number;
  /** Of each door. */
  #mostClients = 0;
  #roles: Config["roles"] = new Map();
  #places: ReadonlyMap<string, Place> = new Map();
  #work: Promise<void> = Promise.resolve();
  #check = new AbortController();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: DoorsOptions) {
    const region = options.env["AWS_REGION"] || options.env["AWS_DEFAULT_REGION"];
    this.#context = doorContext(options, (role) => stsEndpointOf(this.#roles.get(role)).region ?? region);
    this.#log = options.log;
    this.#requestCounts = options.requestCounts;
    this.#descriptors = options.descriptors;
  }

  /** Opens and shuts doors until these are open; never rejects. */
  async apply(plan: DoorsPlan): Promise<void> {
    return this.#inTurn(async () => this.#follow(plan));
  }

  /** The TCP server of the door with that key, for the next process. */
  listenerOf(key: string): Server | undefined {
    return this.#places.get(key)?.door?.listener;
  }

  /** Where the configuration has doors, open or not. */
  get places(): readonly (ListenAddress | string)[] {
    return [...this.#places.values()].map(({ config }) =>
      config.type === "socket" ? config.path : config.listen,
    );
  }

  /** Paths of the sockets that are served. */
  sockets(): readonly string[] {
    return [...this.#places.values()].flatMap(({ config, door }) =>
      config.type === "socket" && door !== undefined ? [config.path] : [],
    );
  }

  /** Has clients go to the next process, which serves the same doors. */
  async sendClientsOn(): Promise<void> {
    // The next process has put its sockets in the place of ours.
    this.#check.abort();
    await Promise.all([...this.#places.values()].map(async ({ door }) => door?.sendClientsOn()));
  }

  /** Shuts all, and resolves when the last answers are given. */
  async close(): Promise<void> {
    await this.apply({ endpoints: [], roles: this.#roles });
    await Promise.all(this.#closing);
  }

  status(): readonly EndpointStatus[] {
    return [...this.#places.values()].map(({ config, door, lastError }) => ({
      type: config.type,
      address: door?.address(config) ?? placeOf(config),
      roles: door?.roles ?? rolesOf(config).map((name) => ({ name, uri: "" })),
      lastError: door?.isReachable() === false ? this.#lastError(unreachable(config)) : lastError,
    }));
  }

  /** Where programs of this machine reach the agent over TCP right now. */
  addresses(): readonly ListenAddress[] {
    return [...this.#places.values()].flatMap(({ config, door }) => door?.tcpAddress(config) ?? []);
  }

  /** How far the answers of TCP doors go that give credentials. */
  reaches(): readonly AnswerReach[] {
    return [...this.#places.values()].flatMap(({ config, door }) => {
      const whyFar = door?.whyAnswersGoFar;
      return door === undefined || whyFar === undefined ? [] : [{ address: door.address(config), whyFar }];
    });
  }

  /** How many clients are connected, by kind of door. */
  async connections(): Promise<ReadonlyMap<EndpointConfig["type"], number>> {
    const totals = new Map<EndpointConfig["type"], number>();
    for (const { config, door } of this.#places.values()) {
      totals.set(config.type, (totals.get(config.type) ?? 0) + ((await door?.connections()) ?? 0));
    }
    return totals;
  }

  async #inTurn(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(step);
    return this.#work;
  }

  async #follow({ endpoints, roles }: DoorsPlan): Promise<void> {
    this.#roles = roles;
    const wanted = byPlace(endpoints);
    const before = this.#places;
    this.#mostClients = eachDoorsShare(this.#descriptors, wanted.size);
    for (const [key, { door }] of before) if (!wanted.has(key)) this.#shut(door);
    const places = new Map<string, Place>();
    for (const [key, config] of wanted)
      places.set(key, await this.#place(key, config, this.#reachable(before.get(key))));
    this.#places = places;
    void this.#checkLater();
  }

  async #checkLater(): Promise<void> {
    this.#check.abort();
    const places = [...this.#places.values()];
    const isOneShut = places.some(({ door }) => door === undefined);
    if (!isOneShut && places.every(({ config }) => config.type !== "socket")) return;
    this.#check = new AbortController();
    const { signal } = this.#check;
    await this.#context.clock.sleep(isOneShut ? retryMs : checkMs, signal);
    if (!signal.aborted) await this.#inTurn(async () => this.#openShut());
  }

  async #openShut(): Promise<void> {
    const places = new Map(this.#places);
    for (const [key, place] of places) {
      if (this.#reachable(place) === undefined)
        places.set(key, await this.#place(key, place.config, undefined, place.lastError));
    }
    this.#places = places;
    void this.#checkLater();
  }

  /** The open door of a place; one that clients can't find any more is shut, once its answers are given. */
  #reachable(place: Place | undefined): Door | undefined {
    if (place?.door?.isReachable() !== false) return place?.door;
    const { config, door } = place;
    this.#log.warn(`${config.type} endpoint: ${unreachable(config).message}`);
    this.#shut(door);
    return undefined;
  }

  /** `known` is what was in the way before: nobody is told of it again. */
  async #place(
    key: string,
    config: EndpointConfig,
    open: Door | undefined,
    known: LastError | null = null,
  ): Promise<Place> {
    const door = open ?? new Door(this.#context, this.#requestCounts(config.type));
    door.keepAtMost(this.#mostClients);
    try {
      if (open === undefined) {
        await door.open(config, key);
        this.#log.info(`${config.type} endpoint at ${door.address(config)}`);
      } else door.serve(config);
      return { config, door, lastError: null };
    } catch (error) {
      this.#shut(door);
      const lastError = this.#lastError(explained(error));
      const { message, hint } = lastError;
      if (message === known?.message) return { config, lastError: known };
      this.#log.error(`${config.type} endpoint: ${message}${hint === null ? "" : `; ${hint}`}`);
      return { config, lastError };
    }
  }

  #lastError({ code, message, hint }: RoleAgentError): LastError {
    return { code, message, hint: hint ?? null, at: utcSeconds(this.#context.clock.now().wall) };
  }

  #shut(door: Door | undefined): void {
    if (door === undefined) return;
    const closed = door.close().catch((error: unknown) => this.#log.error(explained(error).message));
    this.#closing.add(closed);
    void closed.finally(() => this.#closing.delete(closed));
  }
}

/** Doors by where they are; of those on any free port, the first is the first, and so on. */
function byPlace(configs: readonly EndpointConfig[]): ReadonlyMap<string, EndpointConfig> {
  const places = new Map<string, EndpointConfig>();
  for (const config of configs) {
    const place = `${config.type} ${placeOf(config)}`;
    let key = place;
    for (let again = 2; places.has(key); again++) key = `${place} ${again}`;
    places.set(key, config);
  }
  return places;
}

function unreachable(config: EndpointConfig): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `${placeOf(config)} was removed or replaced`, {
    hint: `wait: it is published again within ${checkMs / 1000} s`,
  });
}

function explained(error: unknown): RoleAgentError {
  if (error instanceof RoleAgentError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof AlreadyServed
    ? new RoleAgentError("InvalidConfiguration", `another agent serves at ${why}`, {
        hint: "choose another path",
      })
    : new RoleAgentError("InvalidConfiguration", why);
}
