import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { RoleAgentError } from "@role-agent/provider/errors";
import { codeOf } from "../core/error-code.ts";

/** Where the tokens of container clients lie: beside the agent socket. */
export function tokenDirectory(socketPath: string): string {
  return join(dirname(socketPath), "tokens");
}

/** The token file of a role. */
export function tokenFilePath(socketPath: string, role: string): string {
  return join(tokenDirectory(socketPath), fileNameOf(role));
}

/**
 * The name of a role as that of a file: percent-encoded, never `.` or `..`, and capitals too, since some file systems,
 * such as that of macOS, don't tell them from small letters. A name that no file can have becomes a digest.
 */
export function fileNameOf(role: string): string {
  const name = encodeURIComponent(role).replace(/%..|^\.|[A-Z]/g, (part) =>
    part.length === 1 ? `%${Buffer.from(part).toString("hex").toUpperCase()}` : part,
  );
  return name.length > longestName ? createHash("sha256").update(role).digest("hex") : name;
}

/** A file's name has 255 bytes; a new one has a suffix at first. */
const longestName = 240;

const tokenPattern = /^[\w-]{43}$/;

/**
 * The token that a file holds; a new one where there is none that is this user's alone and intact. A token stays the
 * same across restarts, so that running clients go on. The file ends without a newline, which clients would send.
 */
export function ensureToken(path: string): string {
  prepareDirectory(dirname(path));
  return readToken(path) ?? writeToken(path);
}

/** A new token, in a file that replaces whatever is there. Its directory is made where it is missing, its parents are not. */
export function newToken(path: string): string {
  prepareDirectory(dirname(path));
  return writeToken(path);
}

function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  const stats = lstatSync(directory);
  if (stats.isDirectory() && stats.uid === process.geteuid?.() && (stats.mode & 0o077) === 0) return;
  throw new RoleAgentError("InvalidConfiguration", `${directory} is no directory of this user's alone`, {
    hint: "it was left untouched; remove it, then role-agent reload",
  });
}

function readToken(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    const isOwn = stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & 0o177) === 0;
    if (!isOwn || stats.size > 64) return undefined;
    const token = readFileSync(descriptor, "latin1");
    return tokenPattern.test(token) ? token : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** By rename, so that a client that reads just now reads a whole token. */
function writeToken(path: string): string {
  const token = randomBytes(32).toString("base64url");
  const temporary = `${path}.${randomBytes(4).toString("hex")}`;
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    writeSync(descriptor, token);
    fsyncSync(descriptor);
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return token;
}
