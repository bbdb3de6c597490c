import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { temporaryDirectory } from "../../../support/temporary.ts";

/** A copy of an example with something changed in it. */
export function broken(path: string, from: string, to: string): string {
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  const copy = join(temporaryDirectory(), basename(path));
  writeFileSync(copy, text.replace(from, to));
  return copy;
}
