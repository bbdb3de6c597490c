import { closeSync, realpathSync } from "node:fs";
import type { Server } from "node:http";
import { basename, dirname, join } from "node:path";
import type { ListenAddress } from "../config/endpoint-config.ts";
import { listeningPlaceOf, placeOfAddress } from "./kernel-sockets.ts";
import type { Log } from "./log.ts";
import { socketOfManager } from "./managed-socket.ts";
import type { PublishedSocket } from "./socket.ts";

/** A listening socket that a service manager has made. */
interface GivenSocket {
  readonly descriptor: number;
  /** Where it listens, as `listeningPlaceOf` says; undefined where it can't be told. */
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

  constructor(sockets: readonly GivenSocket[]) {
    this.#sockets = new Set(sockets);
  }

  /** Listens with the socket that was given for a TCP address; answers whether there is one. */
  async listenAt(address: ListenAddress, server: Server): Promise<boolean> {
    const place = placeOfAddress(address);
    const socket = this.#find((given) => given === place);
    if (socket !== undefined) await this.#listen(socket, server);
    return socket !== undefined;
  }

  /**
   * The same for a path. Rejects with a RoleAgentError where the path, which the service manager has made, or its
   * directory is open to others.
   */
  async listenAtPath(
    path: string,
    server: Server,
    checkDirectory?: (socketPath: string) => void,
  ): Promise<PublishedSocket | undefined> {
    const socket = this.#find((given) => given.startsWith("/") && realPath(given) === realPath(path));
    if (socket === undefined) return undefined;
    const published = socketOfManager(path, checkDirectory);
    await this.#listen(socket, server);
    return published;
  }

  /** Closes those that nobody wanted, and tells of each: their clients would wait for nothing. */
  closeRest(log: Pick<Log, "warn">): void {
    for (const { descriptor, place, name } of this.#sockets) {
      if (place === undefined) {
        // What it is, and even whose, is not known: a wrong count would have Node's own descriptors closed.
        log.warn(`descriptor ${descriptor} of the service manager (${name}) listens nowhere`);
        continue;
      }
      closeSync(descriptor);
      log.warn(
        `the service manager listens at ${place} (${name}), which config.toml does not: ` +
          "whoever asks there waits for nothing; take it out of the socket unit, or have an endpoint there",
      );
    }
    this.#sockets.clear();
  }

  #find(isWanted: (place: string) => boolean): GivenSocket | undefined {
    return [...this.#sockets].find(({ place }) => place !== undefined && isWanted(place));
  }

  async #listen(socket: GivenSocket, server: Server): Promise<void> {
    this.#sockets.delete(socket);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ fd: socket.descriptor }, backlog, () => {
        server.off("error", reject);
        resolve();
      });
    });
  }
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
  return new Activation(
    Array.from({ length: Number(LISTEN_FDS) }, (_, index) => {
      const descriptor = firstDescriptor + index;
      return { descriptor, place: listeningPlaceOf(descriptor), name: names[index] || "unnamed" };
    }),
  );
}
