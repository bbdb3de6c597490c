import { readdirSync, readFileSync, readlinkSync, closeSync } from "node:fs";
import koffi from "koffi";

const [pidfdOpen, pidfdGetfd] = [434, 438];
const [ipLevel, ipTtl] = [0, 2];

const library = koffi.load(null);
const call: (...numbers: number[]) => number = library.func("long syscall(long, long, long, long)");
const getsockopt: (fd: number, level: number, name: number, value: Buffer, length: Buffer) => number =
  library.func("int getsockopt(int, int, int, void *, void *)");

/**
 * The IP TTL of what a process sends on its side of a TCP connection over IPv4; undefined where it has none such. Needs
 * root.
 */
export function hopsOf(pid: number, localPort: number, remotePort: number): number | undefined {
  const theirs = descriptorOfConnection(pid, localPort, remotePort);
  if (theirs === undefined) return undefined;
  const pidfd = call(pidfdOpen, pid, 0, 0);
  const fd = call(pidfdGetfd, pidfd, theirs, 0);
  if (fd < 0) throw new Error("the descriptor of another process can't be had");
  const [value, length] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32LE(value.length);
  getsockopt(fd, ipLevel, ipTtl, value, length);
  for (const each of [fd, pidfd]) closeSync(each);
  return value.readInt32LE();
}

function descriptorOfConnection(pid: number, localPort: number, remotePort: number): number | undefined {
  const inode = inodeOf(localPort, remotePort);
  const found = readdirSync(`/proc/${pid}/fd`).find(
    (fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
  );
  return found === undefined ? undefined : Number(found);
}

function inodeOf(localPort: number, remotePort: number): string | undefined {
  const [local, remote] = [localPort, remotePort].map((port) =>
    port.toString(16).toUpperCase().padStart(4, "0"),
  );
  const rows = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return rows.find(
    ([, here = "", there = ""]) => here.endsWith(`:${local}`) && there.endsWith(`:${remote}`),
  )?.[9];
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
