import { isUtf8 } from "node:buffer";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  statSync,
  type Stats,
} from "node:fs";
import { devNull } from "node:os";
import { codeOf } from "../core/error-code.ts";
import { shellWord } from "../core/shell-word.ts";

/** A file that can't be used; `message` goes on from the file's name. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly hint: string | undefined;
  readonly isMissing: boolean;
  /** Others than its user may write to it, or have put it there. */
  readonly isForeign: boolean;

  constructor(message: string, hint?: string, is: "missing" | "foreign" | "unusable" = "unusable") {
    super(message);
    this.hint = hint;
    this.isMissing = is === "missing";
    this.isForeign = is === "foreign";
  }
}

/**
 * Reads a whole regular file; never waits for a pipe or a device. `/dev/null` is an empty file.
 * @throws FileError
 */
export function readAnyFile(path: string, maxBytes: number): Buffer {
  return readChecked(path, maxBytes, () => undefined);
}

/**
 * The same for a secret: nobody but the file's owner may read or write it.
 * @throws FileError
 */
export function readPrivateFile(path: string, maxBytes: number): Buffer {
  return readChecked(path, maxBytes, ({ mode }) => {
    if (!hasModes || (mode & 0o077) === 0) return;
    throw new FileError(
      "can be read or written by others than its owner",
      `run: chmod 600 ${shellWord(path)}`,
    );
  });
}

/**
 * The same for UTF-8 text that somebody else may put there, such as a token by another program: but not everybody.
 * @throws FileError
 */
export function readTextFile(path: string, maxBytes: number): Buffer {
  const bytes = readChecked(path, maxBytes, ({ mode }) => {
    if (hasModes && (mode & 0o002) !== 0) throw writableBy("every user of this machine", mode, "o-w", path);
  });
  return checkedText(bytes);
}

/**
 * The same for a text file that decides what the agent does: it, and a symbolic link to it, must belong to `uid` or
 * to root, and nobody else may write to it. The file is checked once it is open, so it can't be swapped.
 * @throws FileError
 */
export function readTrustedFile(path: string, maxBytes: number, uid: number): Buffer {
  return readOwned(path, maxBytes, uid, ({ mode }) => {
    if ((mode & 0o022) !== 0) throw writableBy("others than its owner", mode, "go-w", path);
  });
}

/** Text of a file of the AWS shared config, and what is to be said of it. */
export interface SharedText {
  readonly bytes: Buffer;
  readonly warning?: string;
}

/**
 * The same for a file that is shared with the AWS CLI and every SDK, which look at no mode: its group may write to it,
 * as it may by the umask of many systems, and is warned about; all others may not.
 * @throws FileError
 */
export function readSharedFile(path: string, maxBytes: number, uid: number): SharedText {
  let warning: string | undefined;
  const bytes = readOwned(path, maxBytes, uid, ({ mode }) => {
    if ((mode & 0o002) !== 0) throw writableBy("every user of this machine", mode, "go-w", path);
    if ((mode & 0o020) === 0) return;
    const { message, hint } = writableBy("its group", mode, "g-w", path);
    warning = `${message}, and with it what programs run as you; ${hint}`;
  });
  return { bytes, ...(warning !== undefined && { warning }) };
}

function readOwned(path: string, maxBytes: number, uid: number, check: (stats: Stats) => void): Buffer {
  const link = attempt(() => lstatSync(path));
  if (link.isSymbolicLink()) {
    checkOwner(link, uid, "is a symbolic link that");
    if (!existsSync(path)) throw new FileError("is a symbolic link to nothing", "correct the link");
  }
  const bytes = readChecked(path, maxBytes, (stats) => {
    checkOwner(stats, uid, "is a file that");
    if (hasModes) check(stats);
  });
  return checkedText(bytes);
}

function writableBy(whom: string, mode: number, change: string, path: string): FileError {
  const text = (mode & 0o777).toString(8).padStart(4, "0");
  return new FileError(
    `can be written by ${whom} (mode ${text})`,
    `run: chmod ${change} ${shellWord(path)}`,
    "foreign",
  );
}

const hasModes = process.platform !== "win32";

function checkOwner({ uid: owner }: Stats, uid: number, what: string): void {
  if (hasModes && owner !== uid && owner !== 0) {
    throw new FileError(
      `${what} belongs to another user (uid ${owner})`,
      "use a file of your own, or have root own it",
      "foreign",
    );
  }
}

function readChecked(path: string, maxBytes: number, check: (stats: Stats) => void): Buffer {
  const descriptor = attempt(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    const stats = fstatSync(descriptor);
    if (isNullDevice(stats)) return Buffer.alloc(0);
    if (!stats.isFile()) {
      throw new FileError(`is ${kindOf(stats)}, not a file`, "give the path of a file");
    }
    check(stats);
    if (stats.size > maxBytes) {
      throw new FileError(`is larger than ${sizeText(maxBytes)}`, "remove what doesn't belong there");
    }
    return attempt(() => readAll(descriptor, stats.size));
  } finally {
    closeSync(descriptor);
  }
}

function sizeText(bytes: number): string {
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib} KiB` : `${kib / 1024} MB`;
}

function isNullDevice(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === statSync(devNull).rdev;
}

/** One buffer and no copies, so that wiping it wipes everything. */
function readAll(descriptor: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let filled = 0;
  let count = 0;
  do {
    count = readSync(descriptor, bytes, filled, size - filled, null);
    filled += count;
  } while (count > 0 && filled < size);
  return bytes.subarray(0, filled);
}

function checkedText(bytes: Buffer): Buffer {
  const problem = encodingProblem(bytes);
  if (problem === undefined) return bytes;
  bytes.fill(0);
  throw new FileError(problem, "save it as UTF-8");
}

function encodingProblem(bytes: Buffer): string | undefined {
  const start = bytes.toString("latin1", 0, 2);
  if (start === "\xff\xfe" || start === "\xfe\xff") return "is UTF-16";
  if (bytes.includes(0)) return "has a NUL byte, so it is UTF-16 or no text";
  return isUtf8(bytes) ? undefined : "isn't valid UTF-8";
}

const reasons: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  ENOENT: ["doesn't exist", "create it, or correct the path"],
  ENOTDIR: ["doesn't exist: a part of its path is no directory", "correct the path"],
  ENXIO: ["is a socket, not a file", "give the path of a file"],
  ELOOP: ["is a symbolic link that leads to itself", "correct the link"],
  EACCES: [
    "can't be read: permission denied",
    "let its owner read it: chmod u+r, and u+x for its directories",
  ],
  ENAMETOOLONG: ["can't be read: the path is too long", "use a shorter one"],
  ERR_INVALID_ARG_VALUE: ["can't be read: the path has a NUL character", "correct the path"],
};

function attempt<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const code = codeOf(error);
    const [message, hint] = reasons[code] ?? [`can't be read: ${code}`];
    throw new FileError(message, hint, code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unusable");
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a pipe";
  return stats.isSocket() ? "a socket" : "a device";
}
