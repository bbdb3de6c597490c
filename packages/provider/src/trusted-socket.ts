import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { RoleAgentError } from "./errors.ts";
import { maxSocketPathBytes, unreachable } from "./socket-path.ts";

/** A socket that nobody but this user or root can have put where it is. */
export interface TrustedSocket {
  /** Where to connect to. Good until `release`, whatever becomes of the path meanwhile. */
  readonly path: string;
  /** To be called when the connection is there, or can't be; again does no harm. */
  readonly release: () => void;
}

/** Opens a directory without the right to read it; of Linux, and not among Node's constants. */
const oPath = 0o10000000;

/**
 * Makes sure that whoever listens on `path` is this user or root, before anything is sent: another user who can put a
 * socket there could hand out credentials of an identity of his own, and be told passphrases.
 *
 * On Linux the directory that was looked at is the one that is gone through then, so that nobody can put another one in
 * its place in between. Throws a RoleAgentError, `AgentUnreachable`.
 */
export function trustSocket(path: string): TrustedSocket {
  if (process.platform === "win32") throw notOnWindows();
  const uid = process.geteuid?.();
  if (uid === undefined) return { path, release: () => undefined };
  const directory = openDirectory(path);
  try {
    checkDirectory(directory.stats, path, uid);
    checkSocket(statOf(directory.socketPath, path), path, uid);
  } catch (error) {
    directory.release();
    throw error;
  }
  return { path: directory.socketPath, release: directory.release };
}

interface Directory {
  readonly stats: Stats;
  /** Of the socket, by way of this very directory. */
  readonly socketPath: string;
  readonly release: () => void;
}

function openDirectory(path: string): Directory {
  const directory = dirname(path);
  if (!pinsDirectories()) return byPath(directory, path);
  const descriptor = openPinned(directory, path);
  const socketPath = join("/proc/self/fd", String(descriptor), basename(path));
  if (Buffer.byteLength(socketPath) > maxSocketPathBytes) {
    closeSync(descriptor);
    return byPath(directory, path);
  }
  let isOpen = true;
  return {
    stats: fstatSync(descriptor),
    socketPath,
    release: () => {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

/** Where the system has nothing better, or the name of the socket is too long for it. */
function byPath(directory: string, path: string): Directory {
  return { stats: statOf(directory, path), socketPath: path, release: () => undefined };
}

function openPinned(directory: string, path: string): number {
  try {
    return openSync(directory, oPath | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOTDIR" || error.code === "ELOOP"))
      throw untrusted(`socket directory ${directory} is not a directory`);
    throw unreachable(path, error);
  }
}

let isProcThere: boolean | undefined;

/** A path that leads through a descriptor stays what it is. */
function pinsDirectories(): boolean {
  isProcThere ??= process.platform === "linux" && existsSync("/proc/self/fd");
  return isProcThere;
}

function checkDirectory(stats: Stats, path: string, uid: number): void {
  const directory = dirname(path);
  const how = `(mode 0${(stats.mode & 0o777).toString(8)}, uid ${stats.uid})`;
  if (!stats.isDirectory()) throw untrusted(`socket directory ${directory} is not a directory`);
  if (!isOwn(stats, uid)) throw untrusted(`socket directory ${directory} belongs to another user ${how}`);
  if ((stats.mode & 0o022) !== 0 && (stats.mode & 0o1000) === 0)
    throw untrusted(`socket directory ${directory} is writable by others ${how}`);
}

function checkSocket(stats: Stats, path: string, uid: number): void {
  if (!stats.isSocket()) throw untrusted(`${path} is not a socket`);
  if (!isOwn(stats, uid)) throw untrusted(`socket ${path} belongs to another user (uid ${stats.uid})`);
}

function statOf(path: string, socketPath: string): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    throw unreachable(socketPath, error);
  }
}

function isOwn(stats: Stats, uid: number): boolean {
  return stats.uid === uid || stats.uid === 0;
}

function untrusted(message: string): RoleAgentError {
  return new RoleAgentError("AgentUnreachable", message, {
    hint: "nothing was sent; check who created it, or choose another path with ROLE_AGENT_SOCK",
  });
}

/** Who serves a named pipe can't be told from here, so that none is connected to. */
function notOnWindows(): RoleAgentError {
  return new RoleAgentError("AgentUnreachable", "there is no agent on Windows yet", {
    hint: "run both in WSL, or in a container",
    tryNextLink: true,
  });
}
