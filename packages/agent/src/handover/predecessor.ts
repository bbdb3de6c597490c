import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import { RoleAgentError } from "@role-agent/provider/errors";
import { listenBeside, type PublishedSocket } from "../system/socket.ts";
import { parseEstate, type Estate } from "./estate.ts";
import {
  parseFromPredecessor,
  predecessorVariable,
  type FromPredecessor,
  type FromSuccessor,
} from "./messages.ts";

type Receive = (message: FromPredecessor, server: NetServer | undefined) => void;

/** The successor's view of the agent that has started it, over the channel that only these two processes have. */
export class Predecessor {
  readonly #channel: Channel;
  #estate: Estate | undefined;

  constructor(channel: Channel, estate: Estate) {
    this.#channel = channel;
    this.#estate = estate;
  }

  /** What it leaves; undefined once this process is the agent, so that no secret stays that the agent drops. */
  get estate(): Estate | undefined {
    return this.#estate;
  }

  /**
   * Listens with the TCP server that the predecessor has at a place, so that no client is refused meanwhile; answers
   * whether there is one.
   */
  async listenAt(place: string, server: Server): Promise<boolean> {
    if (this.#estate === undefined) return false;
    return this.#channel.exchange({ wants: "listener", place }, (message, received) => {
      if (!("place" in message) || message.place !== place) throw notUnderstood();
      // At once: a connection that came before would reach a server that answers nobody.
      if (received !== undefined) server.listen(received);
      return received !== undefined;
    });
  }

  /** Listens beside a Unix socket of the predecessor, which puts it in its own place; undefined where it has none. */
  async listenBeside(path: string, server: Server): Promise<PublishedSocket | undefined> {
    if (this.#estate?.sockets.includes(path) !== true) return undefined;
    return listenBeside(server, path, process.pid);
  }

  /** Tells that this process can serve; resolves when it is the agent. Rejects where the predecessor goes on instead. */
  async succeed(): Promise<void> {
    await this.#channel.exchange({ is: "ready" }, (message) => {
      if (!("is" in message)) throw notUnderstood();
    });
    this.#estate = undefined;
  }

  /** Tells why this process can't be the successor. */
  async fail(why: string): Promise<void> {
    if (this.#estate !== undefined) await this.#channel.send({ is: "failed", why });
  }

  /** Has the predecessor give nobody a session any more, as late as it may be with its last answers. */
  silence(): void {
    this.#channel.close();
  }
}

/** Where this process was started as the successor of an agent: that one, with what it leaves. */
export async function meetPredecessor(env: NodeJS.ProcessEnv): Promise<Predecessor | undefined> {
  const pid = env[predecessorVariable];
  delete env[predecessorVariable];
  if (pid !== String(process.ppid) || process.send === undefined) return undefined;
  const channel = new Channel();
  const estate = await channel.exchange({ wants: "estate" }, (message) => {
    const left = "estate" in message ? parseEstate(message.estate) : undefined;
    if (left === undefined) throw notUnderstood();
    return left;
  });
  return new Predecessor(channel, estate);
}

/** One question at a time, and its answer. */
class Channel {
  async exchange<T>(question: FromSuccessor, read: (...answer: Parameters<Receive>) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        process.off("message", receive);
        process.off("disconnect", lost);
        settle();
      };
      const lost = (): void => end(() => reject(predecessorGone()));
      const receive = (message: unknown, server: unknown): void =>
        end(() => {
          try {
            const answer = parseFromPredecessor(message);
            if (answer === undefined) throw notUnderstood();
            resolve(read(answer, server instanceof NetServer ? server : undefined));
          } catch (error) {
            reject(error);
          }
        });
      process.on("message", receive);
      process.on("disconnect", lost);
      void this.send(question);
    });
  }

  /** Resolves when it is on its way, or nobody is there to read it. */
  async send(message: FromSuccessor): Promise<void> {
    if (!process.connected) return;
    await new Promise<void>((resolve) => {
      process.send?.(message, undefined, undefined, () => resolve());
    });
  }

  close(): void {
    if (process.connected) process.disconnect();
  }
}

function predecessorGone(): RoleAgentError {
  return new RoleAgentError("InvalidRequest", "the agent to succeed has ended, or goes on itself");
}

function notUnderstood(): RoleAgentError {
  return new RoleAgentError("InvalidRequest", "what the agent before leaves is not understood");
}
