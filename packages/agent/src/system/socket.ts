import { randomBytes } from "node:crypto";
import { linkSync, lstatSync, renameSync, unlinkSync } from "node:fs";
import type { Server } from "node:http";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkSocketPath } from "@role-agent/provider";
import { RoleAgentError } from "@role-agent/provider/errors";
import { codeOf } from "../core/error-code.ts";
import { prepareSocketDirectory } from "./socket-directory.ts";

/** Another agent serves at the path already. */
export class AlreadyServed extends Error {
  override readonly name = "AlreadyServed";
}

/** A socket that this process listens on, at the path where clients look for it. */
export interface PublishedSocket {
  /** Whether the path still leads to this socket. */
  isOurs(): boolean;
  /** Removes the path, unless it leads to somebody else's socket by now. */
  unpublish(): void;
}

/** A guard that is older was left behind by a process that died between two system calls. */
const staleGuardMs = 5000;

/**
 * Listens on a Unix socket at `path`, so that there is never a moment without an agent there, or with two.
 *
 * The server listens under a temporary name first, with mode 0600 from the start, and is then hard-linked to `path`,
 * which fails if anything is there. A live agent there wins. A dead one's socket is replaced by rename, under a guard
 * that only one process can hold: a second hard link to that very dead socket.
 *
 * Rejects with {@link AlreadyServed}, or with a RoleAgentError that names what is wrong with the path.
 */
export async function listenOnSocket(
  server: Server,
  path: string,
  prepareDirectory: (socketPath: string) => void = prepareSocketDirectory,
): Promise<PublishedSocket> {
  refuseWindows();
  checkSocketPath(path);
  prepareDirectory(path);
  const temporary = join(dirname(path), `.${randomBytes(4).toString("hex")}`);
  checkSocketPath(temporary);
  await listen(server, temporary);
  const socket = publishedAs(path, temporary);
  try {
    while (!(await publish(temporary, path))) await sleep(20);
  } catch (error) {
    server.close();
    throw error;
  } finally {
    unlinkIfThere(temporary);
  }
  return socket;
}

/** A named pipe is open to other users for reading, and whoever is first has its name. */
function refuseWindows(): void {
  if (process.platform !== "win32") return;
  throw new RoleAgentError("InvalidConfiguration", "role-agent does not serve on Windows yet", {
    hint: "run it in WSL, or in a container",
  });
}

/**
 * Listens beside the socket of a live agent, which puts the new one in its place itself: see {@link replaceSocket}.
 *
 * @param pid - of this process
 */
export async function listenBeside(server: Server, path: string, pid: number): Promise<PublishedSocket> {
  const beside = besidePath(path, pid);
  checkSocketPath(beside);
  await listen(server, beside);
  return publishedAs(path, beside);
}

/**
 * Puts the socket of a successor in the place of this agent's, where it has one. Its name can be known before, and
 * others may be able to put something else there.
 */
export function replaceSocket(path: string, successorPid: number): void {
  const beside = besidePath(path, successorPid);
  if (isOwnSocket(beside)) renameSync(beside, path);
}

/** Removes the socket of a successor that failed. */
export function removeBeside(path: string, successorPid: number): void {
  unlinkIfThere(besidePath(path, successorPid));
}

function besidePath(path: string, pid: number): string {
  return join(dirname(path), `.${pid}`);
}

/** The socket that is at `listeningAt` now, once it is at `path`. */
export function publishedAs(path: string, listeningAt: string): PublishedSocket {
  const identity = identityOf(listeningAt);
  const isOurs = (): boolean => identityOf(path) === identity;
  return {
    isOurs,
    unpublish: () => {
      if (isOurs()) unlinkSync(path);
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // The socket is created within listen(), so the mask can't leak into anything else.
    const mask = process.umask(0o177);
    server.listen({ path, backlog: 4096 }, () => {
      server.off("error", reject);
      resolve();
    });
    process.umask(mask);
  });
}

/** True once `path` leads to the socket; false if another process is just replacing what is there. */
async function publish(temporary: string, path: string): Promise<boolean> {
  const linked = tryLink(temporary, path);
  if (linked === "linked") return true;
  if (linked === "missing") throw new RoleAgentError("InvalidConfiguration", `${dirname(path)} was removed`);
  refuseForeign(path);
  if (await isAlive(path)) throw new AlreadyServed(path);
  const guard = join(dirname(path), ".dead");
  if (tryLink(path, guard) !== "linked") {
    dropStaleGuard(guard);
    return false;
  }
  try {
    // What the guard holds can't change any more: dead now is dead for good.
    if (await isAlive(guard)) throw new AlreadyServed(path);
    renameSync(temporary, path);
    return true;
  } finally {
    unlinkIfThere(guard);
  }
}

function tryLink(from: string, to: string): "linked" | "exists" | "missing" {
  try {
    linkSync(from, to);
    return "linked";
  } catch (error) {
    if (codeOf(error) === "EEXIST") return "exists";
    if (codeOf(error) === "ENOENT") return "missing";
    throw error;
  }
}

function refuseForeign(path: string): void {
  if (isOwnSocket(path) || lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw new RoleAgentError(
    "InvalidConfiguration",
    `${path} is there already, and is no socket of this user`,
    {
      hint: "it was left untouched; remove it, or choose another path with ROLE_AGENT_SOCK",
    },
  );
}

function isOwnSocket(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.isSocket() && stats.uid === process.geteuid?.();
}

function dropStaleGuard(guard: string): void {
  const stats = lstatSync(guard, { throwIfNoEntry: false });
  // A hard link sets the change time of what it links to.
  if (stats !== undefined && Date.now() - stats.ctimeMs > staleGuardMs) unlinkIfThere(guard);
}

async function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.once("connect", () => end(true));
    // A full backlog is a sign of life; only a refusal, or nothing there, is none.
    socket.once("error", (error) => end(codeOf(error) !== "ECONNREFUSED" && codeOf(error) !== "ENOENT"));
  });
}

/** Undefined where nothing can be found at the path. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = lstatSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}
