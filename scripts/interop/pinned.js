import { readFileSync } from "node:fs";

/** The version that follows `name` in a file that pins it. */
export function pinned(path, name) {
  const [, behind] = readFileSync(path, "utf8").split(name, 2);
  const version = /^[\w.-]+/.exec(behind ?? "")?.[0];
  if (version === undefined) throw new Error(`${path} pins no ${name}`);
  return version;
}
