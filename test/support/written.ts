import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What is at a path right now, byte by byte; empty where nothing is, or not any more. */
export function writtenAt(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** The lines that another process has written to their end by now. */
export function linesAt(path: string): readonly string[] {
  return Buffer.from(writtenAt(path), "latin1").toString("utf8").split("\n").slice(0, -1);
}

/** Everything that is written below a directory, byte by byte, while files may come and go. */
export function writtenBelow(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => writtenAt(join(parentPath, name)))
    .join("\n");
}
