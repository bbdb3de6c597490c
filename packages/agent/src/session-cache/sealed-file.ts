import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "../core/error-code.ts";

/** Thousands of sessions; more is none of ours. */
const mostBytes = 16 * 1024 * 1024;

/** Where the cache of the agent at a socket lies. */
export function sealedFilePath(stateDirectory: string, socketPath: string): string {
  return join(stateDirectory, `sessions-${cacheName(socketPath)}.sealed`);
}

/** Tells the caches of agents at several sockets apart. */
export function cacheName(socketPath: string): string {
  return createHash("sha256").update(socketPath).digest("hex").slice(0, 16);
}

/** A file that its owner alone may read, and that is replaced whole or not at all. */
export class SealedFile {
  readonly path: string;
  readonly #newPath: string;

  constructor(path: string) {
    this.path = path;
    // With the pid: while one agent succeeds another, both may write.
    this.#newPath = `${path}.${process.pid}.new`;
  }

  /** All of it; `undefined` where there is none. Throws an Error that says why it is not to be trusted. */
  read(): Buffer | undefined {
    let descriptor: number;
    try {
      descriptor = openSync(this.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      const code = codeOf(error);
      if (code === "ENOENT") return undefined;
      throw new Error(code === "ELOOP" ? "it is a symbolic link" : `it can't be read: ${code}`, {
        cause: error,
      });
    }
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) throw new Error("it is no regular file");
      if (stats.uid !== process.geteuid?.()) throw new Error(`it belongs to another user (uid ${stats.uid})`);
      if ((stats.mode & 0o077) !== 0) throw new Error("others than its owner may read or write it");
      if (stats.size > mostBytes) throw new Error(`it is larger than ${mostBytes} bytes`);
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /**
   * Puts a new file in its place, unless it is no longer wanted by then. Rejects with the system's error, and the old
   * file stays.
   */
  async replace(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (bytes.length > mostBytes) throw new Error(`it would be larger than ${mostBytes} bytes`);
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const handle = await this.#openNew();
    try {
      await handle.writeFile(bytes);
      await handle.sync();
      signal.throwIfAborted();
      await rename(this.#newPath, this.path);
    } catch (error) {
      await rm(this.#newPath, { force: true });
      if (!signal.aborted) throw error;
    } finally {
      await handle.close();
    }
  }

  /**
   * Removes it, and new ones that processes which were killed have left. A link goes, and what it leads to stays. What
   * belongs to another user stays, too. Answers whether there was anything; throws the system's error.
   */
  remove(): boolean {
    return [removeOwn(this.path), this.removeNewOnes()].includes(true);
  }

  /** Removes only the new ones. */
  removeNewOnes(): boolean {
    const directory = dirname(this.path);
    const prefix = `${basename(this.path)}.`;
    const newOnes = namesIn(directory).filter((name) => name.startsWith(prefix) && name.endsWith(".new"));
    return newOnes.map((name) => removeOwn(join(directory, name))).includes(true);
  }

  /** Never through a link: what is at the path of the new file is removed first, and then nothing may be there. */
  async #openNew(): Promise<FileHandle> {
    const create = async (): Promise<FileHandle> => open(this.#newPath, "wx", 0o600);
    try {
      return await create();
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      await rm(this.#newPath);
      return create();
    }
  }
}

function removeOwn(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.uid !== process.geteuid?.()) return false;
  rmSync(path, { force: true });
  return true;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}
