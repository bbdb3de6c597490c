import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError } from "@role-agent/provider/errors";
import { codeOf } from "../../core/error-code.ts";
import { FileError, readTrustedFile } from "../../config/trusted-file.ts";
import { printable } from "../../core/printable.ts";
import { fileMark } from "../file-mark.ts";
import type { RenewedToken } from "../messages.ts";
import { parseJson } from "./parse-json.ts";

/** A token takes some 3 KB. */
const maxBytes = 256 * 1024;
const roomBytes = 16 * 1024;
/** How long another program may take to write a token. */
const writingMs = 100;

/** A file in which the AWS CLI and every SDK keep a token, and share it. */
export interface CacheFile {
  readonly path: string;
  /** For messages: `token file`. */
  readonly what: string;
}

/**
 * The JSON object in a cache file: a regular file of this user's that nobody else may write to. `undefined` where there
 * is none, `null` where it holds something else. Rejects with `InvalidConfiguration` for one that can't be trusted or
 * read.
 */
export async function readCacheFile(file: CacheFile): Promise<object | null | undefined> {
  const document = readOnce(file);
  if (document !== null) return document;
  // Older releases of the AWS CLI write in place: this may be half of it.
  await sleep(writingMs);
  return readOnce(file);
}

function readOnce(file: CacheFile): object | null | undefined {
  try {
    return parseObject(readTrustedFile(file.path, maxBytes, process.geteuid?.() ?? 0).toString());
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.isMissing) return undefined;
    throw unusable(file, error.message, error.hint, error);
  }
}

function parseObject(json: string): object | null {
  const value = parseJson(json);
  return typeof value === "object" ? value : null;
}

/** Puts another document in the place of what was there. Throws `InvalidConfiguration`. */
export function replaceCacheFile(file: CacheFile, document: object): void {
  const replacement = new Replacement(file);
  try {
    replacement.put(document);
  } finally {
    replacement.discard();
  }
}

/**
 * The next content of a cache file, with its room on the disk taken before it is known what goes into it: AWS takes a
 * refresh token once, so that the next one must not fail to be kept.
 */
export class Replacement {
  readonly #file: CacheFile;
  readonly #temporary: string;
  readonly #descriptor: number;

  /** Throws `InvalidConfiguration` where nothing can be written. */
  constructor(file: CacheFile) {
    this.#file = file;
    this.#temporary = `${file.path}.${randomUUID()}.tmp`;
    this.#descriptor = this.#attempt(() => {
      mkdirSync(dirname(file.path), { recursive: true, mode: 0o700 });
      return openSync(this.#temporary, "wx", 0o600);
    });
    try {
      this.#write(" ".repeat(roomBytes));
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Replaces the file at once and whole, readable by its owner alone. Throws `InvalidConfiguration`. */
  put(document: object): RenewedToken {
    this.#write(JSON.stringify(document));
    const { path } = this.#file;
    const marks = { before: fileMark(path), after: fileMark(this.#temporary) };
    this.#attempt(() => renameSync(this.#temporary, path));
    return { path, ...marks };
  }

  /** Leaves nothing behind, whether the file was replaced or not. */
  discard(): void {
    closeSync(this.#descriptor);
    rmSync(this.#temporary, { force: true });
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    this.#attempt(() => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, done);
      }
      ftruncateSync(this.#descriptor, bytes.length);
      fsyncSync(this.#descriptor);
    });
  }

  #attempt<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      const code = codeOf(error);
      const hint = "let its directory belong to the user of the agent, with room on the disk";
      throw unusable(this.#file, `can't be written: ${code}`, hint, error);
    }
  }
}

/** What is wrong with a cache file. */
export function unusable(
  { what, path }: CacheFile,
  problem: string,
  hint?: string,
  cause?: unknown,
): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `${what} ${printable(path)} ${problem}`, { hint, cause });
}
