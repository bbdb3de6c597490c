import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { RoleAgentError } from "@role-agent/provider/errors";
import { FileError, readTrustedFile } from "../../config/trusted-file.ts";
import { printable } from "../../core/printable.ts";

/** A token takes some 3 KB. */
const maxBytes = 256 * 1024;

/** A file in which the AWS CLI and every SDK keep a token, and share it. */
export interface CacheFile {
  readonly path: string;
  /** For messages: `token file`. */
  readonly what: string;
}

/**
 * Reads a cache file: a regular file of this user's that nobody else may write to. `undefined` where there is none.
 * Throws `InvalidConfiguration` for one that can't be trusted or read.
 */
export function readCacheFile(file: CacheFile): string | undefined {
  try {
    return readTrustedFile(file.path, maxBytes, process.geteuid?.() ?? 0).toString();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.isMissing) return undefined;
    throw unusable(file, error.message, error.hint, error);
  }
}

/**
 * Puts another document in the place of what was there, at once and whole, readable by its owner alone. Throws
 * `InvalidConfiguration`.
 */
export function replaceCacheFile(file: CacheFile, document: object): void {
  const temporary = `${file.path}.${randomUUID()}.tmp`;
  try {
    mkdirSync(dirname(file.path), { recursive: true, mode: 0o700 });
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(descriptor, JSON.stringify(document));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file.path);
  } catch (error) {
    discard(temporary);
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const hint = "let its directory belong to the user of the agent, with room on the disk";
    throw unusable(file, `can't be written: ${code}`, hint, error);
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

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It could not even be made.
  }
}

/** The document in a cache file, if it is a JSON object. */
export function parseObject(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
