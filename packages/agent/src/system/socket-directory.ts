import { lstatSync, mkdirSync, statSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { RoleAgentError } from "@role-agent/provider/errors";
import { codeOf } from "../core/error-code.ts";
import { shellWord } from "../core/shell-word.ts";

/**
 * Makes sure that the directory of the agent socket is ours alone: the wall that keeps other users out. A missing one
 * is created with mode 0700; one that is not as it should be is refused, never repaired.
 */
export function prepareSocketDirectory(socketPath: string): void {
  const directory = dirname(socketPath);
  const parentPath = dirname(directory);
  try {
    mkdirSync(parentPath, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(directory, error);
  }
  try {
    // Not recursive: that would follow a symbolic link and tighten nothing.
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw unusable(directory, error);
  }
  const stats = lstatSync(directory);
  if (!stats.isDirectory()) throw refused(directory, "is not a directory");
  if (stats.uid !== process.geteuid?.())
    throw refused(directory, `belongs to another user (uid ${stats.uid})`);
  if ((stats.mode & 0o077) !== 0)
    throw refused(directory, `is open to others (mode ${octal(stats)})`, `chmod 700 ${directory}`);
  refuseSwappable(directory);
}

/** Whoever can write to the parent of a directory, or has it, can put another one in its place. */
function refuseSwappable(directory: string, hint?: string): void {
  const parentPath = dirname(directory);
  const link = lstatSync(parentPath);
  if (link.isSymbolicLink() && !isTrusted(link))
    throw refused(parentPath, `is a symbolic link of another user (uid ${link.uid})`, hint);
  const parent = statSync(parentPath);
  if (!isTrusted(parent)) throw refused(parentPath, `belongs to another user (uid ${parent.uid})`, hint);
  if (isWritableByOthers(parent)) {
    throw refused(parentPath, `is writable by others (mode ${octal(parent)}, uid ${parent.uid})`, hint);
  }
}

/**
 * The same for a socket that others are given, so that they must be able to walk into its directory: that belongs to
 * this user or to root, and nobody else can put another socket there.
 */
export function prepareSharedDirectory(socketPath: string): void {
  const directory = dirname(socketPath);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw unusable(directory, error, `mkdir -p ${shellWord(directory)}`);
  }
  const stats = lstatSync(directory);
  if (!stats.isDirectory()) throw refused(directory, "is not a directory", anotherDirectory);
  if (stats.uid !== process.geteuid?.() && stats.uid !== 0)
    throw refused(directory, `belongs to another user (uid ${stats.uid})`, anotherDirectory);
  if (isWritableByOthers(stats))
    throw refused(
      directory,
      `is writable by others (mode ${octal(stats)})`,
      `chmod go-w ${shellWord(directory)}`,
    );
  refuseSwappable(directory, anotherDirectory);
}

/** This user's, root's, or of whoever has `/`: that is root, too, also where a user namespace shows another uid. */
function isTrusted({ uid }: Stats): boolean {
  return uid === process.geteuid?.() || uid === 0 || uid === statSync("/").uid;
}

/** A sticky directory such as /tmp lets nobody but the owner move our directory away. */
function isWritableByOthers(stats: Stats): boolean {
  return (stats.mode & 0o022) !== 0 && (stats.mode & 0o1000) === 0;
}

function octal(stats: Stats): string {
  return `0${(stats.mode & 0o777).toString(8)}`;
}

const anotherPath = "choose another path with ROLE_AGENT_SOCK";
const anotherDirectory = "choose another path in config.toml";

function refused(path: string, why: string, hint = anotherPath): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `socket directory ${path} ${why}`, { hint });
}

function unusable(path: string, cause: unknown, hint = anotherPath): RoleAgentError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RoleAgentError("InvalidConfiguration", `socket directory ${path} can't be created: ${why}`, {
    hint,
    cause,
  });
}
