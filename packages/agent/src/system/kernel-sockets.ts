import { readFileSync, readlinkSync } from "node:fs";
import { endianness } from "node:os";
import { addressText, type ListenAddress } from "../config/endpoint-config.ts";

/** A file under /proc, or where a link there leads. Throws where it isn't there. */
export interface Proc {
  readonly read: (path: string) => string;
  readonly link: (path: string) => string;
}

const systemsProc: Proc = { read: (path) => readFileSync(path, "latin1"), link: readlinkSync };

/**
 * Where the kernel says that descriptors of this process listen: `127.0.0.1:9911`, `[::1]:9911`, or the path of a Unix
 * socket; undefined for anything that does not listen for connections. Node tells an address only of a socket that it
 * accepts connections from already, and none of a Unix socket that it is given.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
export function listeningPlacesOf(
  descriptors: readonly number[],
  proc: Proc = systemsProc,
): readonly (string | undefined)[] {
  // Read once: the kernel takes milliseconds for each.
  const rows = (table: string): readonly string[] =>
    attempt(() => proc.read(`/proc/self/net/${table}`)).split("\n");
  const places = new Map([
    ...[...rows("tcp"), ...rows("tcp6")].flatMap(tcpListener),
    ...rows("unix").flatMap(unixListener),
  ]);
  return descriptors.map((descriptor) => {
    const link = attempt(() => proc.link(`/proc/self/fd/${descriptor}`));
    return places.get(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? "");
  });
}

type Listener = readonly [inode: string, place: string];

/** The same address in the one form that {@link listeningPlacesOf} has. */
export function placeOfAddress({ host, port }: ListenAddress): string {
  return host.includes(":") ? `${canonical(host)}:${port}` : addressText({ host, port });
}

const tcpListens = "0A";

/** `sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …` */
function tcpListener(line: string): readonly Listener[] {
  const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
  return state === tcpListens ? [[inode, placeOfHex(local)]] : [];
}

function placeOfHex(local: string): string {
  const [address = "", port = ""] = local.split(":");
  const bytes = address.match(/.{8}/g)?.flatMap(bytesOfWord) ?? [];
  const host = bytes.length === 4 ? bytes.join(".") : canonical(hextets(bytes));
  return `${host}:${Number.parseInt(port, 16)}`;
}

/** Words of four bytes stand there as numbers of this machine. */
function bytesOfWord(word: string): readonly number[] {
  const bytes = [...Buffer.from(word, "hex")];
  return endianness() === "LE" ? bytes.toReversed() : bytes;
}

function hextets(bytes: readonly number[]): string {
  const hex = Buffer.from(bytes).toString("hex");
  return hex.match(/.{4}/g)?.join(":") ?? "";
}

/** In brackets, and as short as can be. */
function canonical(host: string): string {
  return new URL(`http://[${host}]`).hostname;
}

const unixAccepts = 0x10000;
const streamSocket = "0001";

/** `Num: RefCount Protocol Flags Type St Inode Path` */
function unixListener(line: string): readonly Listener[] {
  const [, flags = "", type, inode = "", path = ""] =
    /^\S+: \S+ \S+ (\S+) (\S+) \S+ +(\d+) (\/.*)$/.exec(line) ?? [];
  const isAccepting = (Number.parseInt(flags, 16) & unixAccepts) !== 0;
  return type === streamSocket && isAccepting ? [[inode, path]] : [];
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
