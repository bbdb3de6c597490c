import { renameSync, writeFileSync } from "node:fs";

/** Puts a file in the place of one that an agent may be reading: it finds the old one or the new one, never a part. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
