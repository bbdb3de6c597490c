import { constants } from "node:fs";
import { mkdir, open, rename, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../core/error-code.ts";

/** How large a file gets, and how many there are. */
export interface Rotation {
  readonly maxBytes: number;
  /** `FILE`, `FILE.1` and so on, the newest first. */
  readonly files: number;
}

/**
 * A file that is only ever added to, mode 0600, which makes way for a new one when it has grown. Others may add to it,
 * and may move or remove it, at any time.
 */
export class RotatedFile {
  readonly path: string;
  readonly #rotation: Rotation;
  #handle: FileHandle | undefined;

  constructor(path: string, rotation: Rotation) {
    this.path = path;
    this.#rotation = rotation;
  }

  /** Adds the text, or nothing. Rejects with the system's error; the next call starts afresh. */
  async append(text: string): Promise<void> {
    try {
      const bytes = Buffer.from(text);
      const handle = await this.#ready(bytes.length);
      const { size } = await handle.stat();
      const { bytesWritten } = await handle.write(bytes);
      if (bytesWritten === bytes.length) return;
      // A full disk takes the beginning of a line.
      await handle.truncate(size);
      throw new Error("the disk is full");
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => undefined);
  }

  async #ready(bytes: number): Promise<FileHandle> {
    let handle = await this.#current();
    const { size } = await handle.stat();
    if (size === 0 || size + bytes <= this.#rotation.maxBytes) return handle;
    await this.close();
    for (let number = this.#rotation.files - 1; number > 0; number -= 1)
      await rename(this.#name(number - 1), this.#name(number)).catch(ignoreMissing);
    handle = await this.#current();
    return handle;
  }

  /** The file at the path, though another may have come there since the last time. */
  async #current(): Promise<FileHandle> {
    const held = await this.#handle?.stat({ bigint: true });
    const there = await stat(this.path, { bigint: true }).catch(ignoreMissing);
    if (this.#handle !== undefined && held?.ino === there?.ino && held?.dev === there?.dev)
      return this.#handle;
    await this.close();
    this.#handle = await openPrivate(this.path);
    return this.#handle;
  }

  #name(number: number): string {
    return number === 0 ? this.path : `${this.path}.${number}`;
  }
}

async function openPrivate(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`${path} is no file`);
    if (stats.uid !== process.geteuid?.())
      throw new Error(`${path} belongs to another user (uid ${stats.uid})`);
    if ((stats.mode & 0o077) !== 0) await handle.chmod(0o600);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) === "ENOENT") return undefined;
  throw error;
}
