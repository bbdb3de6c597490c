import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const root = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "role-agent", "interop");

/**
 * Directory of what `build` makes of a folder of sources: made once for the same sources and the same toolchain. `build`
 * gets a copy of the sources and an empty directory to fill. Two that build at once both do, and the first one's stays.
 */
export function cachedBuild(sources, toolchain, build) {
  const name = sources.split(/[/\\]/).at(-1);
  const built = join(root, `${name}-${fingerprint(sources, toolchain)}`);
  if (existsSync(built)) return { built };
  const start = performance.now();
  mkdirSync(root, { recursive: true });
  const workshop = mkdtempSync(join(root, `.${name}-`));
  try {
    const [copy, output] = [join(workshop, "source"), join(workshop, "built")];
    cpSync(sources, copy, { recursive: true });
    mkdirSync(output);
    build(copy, output);
    putInPlace(output, built);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  return { built, seconds: Math.round((performance.now() - start) / 1000) };
}

function putInPlace(output, built) {
  try {
    renameSync(output, built);
  } catch (error) {
    if (!existsSync(built)) throw error;
  }
}

function fingerprint(sources, toolchain) {
  const hash = createHash("sha256").update(toolchain);
  const entries = readdirSync(sources, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const content = readFileSync(file);
    hash.update(`\0${file.slice(sources.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}
