import { closeSync, lstatSync, realpathSync } from "node:fs";
import type { Server } from "node:http";
import { basename, dirname, join } from "node:path";
import { RoleAgentError } from "@role-agent/provider/errors";
import { addressText, type ListenAddress } from "../config/endpoint-config.ts";
import { listeningPlacesOf, placeOfAddress } from "./kernel-sockets.ts";
import type { Log } from "./log.ts";
import { socketOfManager } from "./managed-socket.ts";
import type { PublishedSocket } from "./socket.ts";

/** A listening socket that a service manager has made. */
interface GivenSocket {
  readonly descriptor: number;
  /** Where it listens, as `listeningPlacesOf` says; undefined where it can't be told. */
  readonly place: string | undefined;
  /** What the service manager calls it. */
  readonly name: string;
}

/** The first descriptor that a service manager gives: after the standard ones. */
const firstDescriptor = 3;
const variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"] as const;
/** What Node asks for by default is less than what the agent asks for where it listens by itself. */
const backlog = 4096;

/**
 * The sockets that a service manager holds for this agent, and gives each process that is it. Who comes while there is
 * no process, or none yet, waits in the kernel's queue.
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
 */
export class Activation {
  readonly #sockets: Set<GivenSocket>;
  /** A descriptor that is closed can't be had again, while the service manager goes on listening. */
  readonly #takenPlaces = new Set<string>();

  constructor(sockets: readonly GivenSocket[]) {
    this.#sockets = new Set(sockets);
  }

  /**
   * Listens with the socket that was given for a TCP address; answers whether there is one. Rejects with a RoleAgentError
   * where it was, and is closed.
   */
  async listenAt(address: ListenAddress, server: Server): Promise<boolean> {
    const socket = this.#find(isOf(address));
    if (socket !== undefined) await this.#listen(socket, server);
    else if ([...this.#takenPlaces].some(isOf(address))) throw givenUp(addressText(address));
    return socket !== undefined;
  }

  /**
   * The same for a path. Rejects with a RoleAgentError also where the path, which the service manager has made, or its
   * directory is open to others.
   */
  async listenAtPath(
    path: string,
    server: Server,
    checkDirectory?: (socketPath: string) => void,
  ): Promise<PublishedSocket | undefined> {
    const socket = this.#find(isOf(path));
    if (socket === undefined) {
      // Where somebody has removed its path, the agent may make its own.
      if ([...this.#takenPlaces].some(isOf(path)) && isSocket(path)) throw givenUp(path);
      return undefined;
    }
    const published = socketOfManager(path, checkDirectory);
    await this.#listen(socket, server);
    return published;
  }

  /**
   * Closes those that nobody wants, and tells of each: their clients would wait for nothing. One that is wanted and is not
   * used, since something is in its way, is there for the next try.
   */
  closeRest(wanted: readonly (ListenAddress | string)[], log: Pick<Log, "warn">): void {
    for (const socket of this.#sockets) {
      const { descriptor, place, name } = socket;
      if (place !== undefined && wanted.some((each) => isOf(each)(place))) continue;
      this.#sockets.delete(socket);
      if (place === undefined) {
        // What it is, and even whose, is not known: a wrong count would have Node's own descriptors closed.
        log.warn(`descriptor ${descriptor} of the service manager (${name}) listens nowhere`);
        continue;
      }
      closeSync(descriptor);
      this.#takenPlaces.add(place);
      log.warn(
        `the service manager listens at ${place} (${name}), which config.toml does not: ` +
          "whoever asks there waits for nothing; take it out of the socket unit, or have an endpoint there",
      );
    }
  }

  #find(isWanted: (place: string) => boolean): GivenSocket | undefined {
    return [...this.#sockets].find(({ place }) => place !== undefined && isWanted(place));
  }

  async #listen(socket: GivenSocket, server: Server): Promise<void> {
    this.#sockets.delete(socket);
    if (socket.place !== undefined) this.#takenPlaces.add(socket.place);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ fd: socket.descriptor }, backlog, () => {
        server.off("error", reject);
        resolve();
      });
    });
  }
}

/** Whether a place that the kernel tells is an address or a path of the configuration. */
function isOf(wanted: ListenAddress | string): (place: string) => boolean {
  if (typeof wanted !== "string") return (place) => place === placeOfAddress(wanted);
  return (place) => place.startsWith("/") && realPath(place) === realPath(wanted);
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}

function givenUp(place: string): RoleAgentError {
  return new RoleAgentError(
    "InvalidConfiguration",
    `the service manager listens at ${place}, and this agent has closed its socket there`,
    { hint: "restart the agent, as by systemctl --user restart" },
  );
}

/** Of a socket: symbolic links may lead to its directory. */
function realPath(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}

/**
 * What a service manager gives this very process; undefined where none does. The variables that tell of it are taken out
 * of `env`: they are no program's that this one starts.
 */
export function activationOf(env: NodeJS.ProcessEnv, pid: number = process.pid): Activation | undefined {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = "" } = env;
  for (const name of variables) delete env[name];
  if (LISTEN_PID !== String(pid) || !/^[1-9]\d{0,3}$/.test(LISTEN_FDS ?? "")) return undefined;
  const names = LISTEN_FDNAMES.split(":");
  const descriptors = Array.from({ length: Number(LISTEN_FDS) }, (_, index) => firstDescriptor + index);
  const places = listeningPlacesOf(descriptors);
  return new Activation(
    descriptors.map((descriptor, index) => ({
      descriptor,
      place: places[index],
      name: names[index] || "unnamed",
    })),
  );
}
