import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "../../../core/error-code.ts";
import { interactiveDeadlineMs } from "../../key-errand.ts";

/** A command is killed before: an older file is that of a dead process, whoever has its number now. */
const longestWriteMs = interactiveDeadlineMs + 5000;

/** Another process is replacing the same file. */
export class BeingReplaced extends Error {
  override readonly name = "BeingReplaced";
}

/**
 * Replaces a file, which its owner alone may read, whole or not at all; nothing is replaced where `makeContents` says
 * `undefined`. One process at a time gets to read the old contents and write the new ones, so that no change is lost:
 * rejects with `BeingReplaced` for the others, else with the error of the file system or of `makeContents`.
 */
export async function replaceFile(
  path: string,
  makeContents: () => Promise<Uint8Array | undefined>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const newPath = `${path}.${process.pid}.${randomUUID()}.new`;
  const file = await open(newPath, "wx", 0o600);
  try {
    // Only after one's own file is there for others to see: two may both give way, but never both go on.
    await giveWay(path, newPath);
    const bytes = await makeContents();
    if (bytes === undefined) return;
    await file.writeFile(bytes);
    await file.sync();
    await rename(newPath, path);
  } finally {
    await file.close();
    await rm(newPath, { force: true });
  }
}

/** Rejects where a living process writes a new file; those that the dead have left are removed. */
async function giveWay(path: string, ownPath: string): Promise<void> {
  const directory = dirname(path);
  for (const name of await readdir(directory)) {
    const newPath = join(directory, name);
    const pid = newPath === ownPath ? undefined : writerOf(name, basename(path));
    if (pid === undefined) continue;
    if (isAnotherAlive(pid) && (await ageMs(newPath)) < longestWriteMs) throw new BeingReplaced();
    await rm(newPath, { force: true });
  }
}

/** The process that writes `NAME.PID.UUID.new` to replace the file NAME with; else `undefined`. */
function writerOf(name: string, replacedName: string): number | undefined {
  if (!name.startsWith(`${replacedName}.`)) return undefined;
  const [, pid] = /^(\d+)\.[\da-f-]{36}\.new$/.exec(name.slice(replacedName.length + 1)) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

async function ageMs(path: string): Promise<number> {
  const stats = await stat(path).catch(() => undefined);
  return stats === undefined ? Infinity : Date.now() - stats.mtimeMs;
}

/** This process's own number was that of one which is dead, as happens in containers. */
function isAnotherAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
