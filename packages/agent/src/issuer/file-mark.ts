import { statSync } from "node:fs";

/**
 * What tells a file from what it was before it was replaced: inode, time of the last change and size. Empty where no file
 * can be seen.
 */
export function fileMark(path: string): string {
  try {
    const { ino, mtimeNs, size } = statSync(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch {
    return "";
  }
}
