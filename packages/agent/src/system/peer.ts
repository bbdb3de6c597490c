import { closeSync, openSync, readlinkSync, readSync } from "node:fs";
import type { Socket } from "node:net";
import type { PeerIdentity } from "../endpoints/peer-identity.ts";
import { peerCredentials, type PeerCredentials } from "../native/peer-credentials.ts";

/** Who is at the other end of a new connection; undefined on TCP, and where the system doesn't tell of a process. */
export function identifyPeer(socket: Socket): PeerIdentity | undefined {
  const credentials = peerCredentials(socket);
  return credentials === undefined || credentials.pid === 0 ? undefined : new Peer(credentials);
}

/**
 * A client's process. Its uid is the kernel's word for whoever connected, and all that anything is decided by. What
 * /proc says of its pid is for the record: the process may have handed its connection to another one.
 */
class Peer implements PeerIdentity {
  readonly pid: number;
  readonly uid: number;
  readonly id: string;
  #executable: string | undefined;
  #isRead = false;

  constructor({ pid, uid }: PeerCredentials) {
    this.pid = pid;
    this.uid = uid;
    this.id = `${pid}.${startTime(pid) ?? unlikeAll()}`;
  }

  /** Read when it is asked for, which is seldom. /proc answers from memory. */
  get executable(): string | undefined {
    if (!this.#isRead) this.#executable = executableOf(this);
    this.#isRead = true;
    return this.#executable;
  }
}

let ended = 0;

/** A process that has ended by now can't be told from the next one with its pid: each counts as another. */
function unlikeAll(): string {
  ended += 1;
  return `ended-${ended}`;
}

const statBytes = Buffer.alloc(512);
const startTimeField = 22;

/**
 * When a process started, in clock ticks since the machine did: with its pid, it names one process for ever.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function startTime(pid: number): string | undefined {
  const stat = readOrNothing(() => {
    const fd = openSync(`/proc/${pid}/stat`, "r");
    try {
      return statBytes.toString("latin1", 0, readSync(fd, statBytes, 0, statBytes.length, 0));
    } finally {
      closeSync(fd);
    }
  });
  // The second field is the program's name, which may have spaces and brackets in it.
  const afterName = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return afterName?.[startTimeField - 3];
}

/** Undefined where the process is another user's, or where its pid is another process's by now. */
function executableOf({ pid, id }: PeerIdentity): string | undefined {
  const executable = readOrNothing(() => readlinkSync(`/proc/${pid}/exe`));
  return `${pid}.${startTime(pid) ?? ""}` === id ? executable : undefined;
}

function readOrNothing(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
