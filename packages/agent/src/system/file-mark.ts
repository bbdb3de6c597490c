import { statSync } from "node:fs";
import type { FileMark } from "../core/login-watch.ts";

/** Inode, time of the last change and size; empty where no file can be seen. */
export const fileMark: FileMark = (path) => {
  try {
    const { ino, mtimeNs, size } = statSync(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch {
    return "";
  }
};
