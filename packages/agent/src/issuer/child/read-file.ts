import { constants, type Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { RoleAgentError } from "@role-agent/provider/errors";

/** No certificate chain, key or passphrase comes near this. */
const maxBytes = 256 * 1024;

/**
 * Reads a whole regular file; never waits for a pipe or a device. Rejects with `InvalidConfiguration`.
 *
 * @param what - for messages: `certificate`
 */
export async function readSmallFile(path: string, what: string): Promise<Buffer> {
  return readChecked(path, what, () => undefined);
}

/** The same for a secret: nobody but the file's owner may read or write it. */
export async function readSecretFile(path: string, what: string): Promise<Buffer> {
  return readChecked(path, what, ({ mode }) => {
    if (process.platform === "win32" || (mode & 0o077) === 0) return;
    throw unusable(path, what, "can be read or written by others than its owner", `run: chmod 600 ${path}`);
  });
}

async function readChecked(path: string, what: string, check: (stats: Stats) => void): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) throw unusable(path, what, "is no regular file", "give the path of a file");
    check(stats);
    const bytes = Buffer.alloc(Math.min(stats.size, maxBytes + 1));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    if (bytesRead > maxBytes) {
      throw unusable(path, what, "is larger than 256 KiB", "remove what doesn't belong there");
    }
    if (bytesRead === 0) throw unusable(path, what, "is empty", "write it anew");
    return bytes.subarray(0, bytesRead);
  } catch (error) {
    throw error instanceof RoleAgentError ? error : unreadable(path, what, error);
  } finally {
    await file?.close();
  }
}

const reasons: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ENOENT: ["doesn't exist", "create it, or correct the path"],
  ENOTDIR: ["doesn't exist: a part of its path is no directory", "correct the path"],
  EACCES: ["can't be read: permission denied", "let the user of the agent read it"],
  ELOOP: ["is a symbolic link that leads to itself", "correct the link"],
  ENXIO: ["is no regular file", "give the path of a file"],
};

function unreadable(path: string, what: string, error: unknown): RoleAgentError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  const [message, hint] = reasons[code] ?? [`can't be read: ${code}`, undefined];
  return unusable(path, what, message, hint);
}

function unusable(path: string, what: string, problem: string, hint: string | undefined): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `${what} ${path} ${problem}`, { hint });
}
