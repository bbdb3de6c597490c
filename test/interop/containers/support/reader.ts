import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ComposeProject } from "./compose.ts";
import type { Stage } from "./dockerfile.ts";
import type { Manifest } from "./kubernetes.ts";

const sources = fileURLToPath(new URL("reader", import.meta.url));
let program: string | undefined;
const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "role-agent", "interop");

/** Directory of examples/containers. */
export const examples: string = fileURLToPath(new URL("../../../../examples/containers", import.meta.url));

/** What Compose makes of a file, with the variables of `env`. Throws with its message where it refuses the file. */
export function readCompose(path: string, env: NodeJS.ProcessEnv = {}): ComposeProject {
  return JSON.parse(read("compose", path, env));
}

/** The objects of a Kubernetes manifest, by Kubernetes' own types. Throws where they have no such field. */
export function readManifests(path: string): readonly Manifest[] {
  return JSON.parse(read("kubernetes", path));
}

/** The stages of a Dockerfile, by BuildKit's parser. Throws with its message where it refuses the file. */
export function readDockerfile(path: string): readonly Stage[] {
  return JSON.parse(read("dockerfile", path));
}

function read(kind: string, path: string, env: NodeJS.ProcessEnv = {}): string {
  const options = { encoding: "utf8", stdio: "pipe", env: { HOME: "/home/you", ...env } } as const;
  return execFileSync(buildReader(), [kind, path], options);
}

/** The program that reads, built once for the same sources and the same Go: that takes minutes the first time. */
export function buildReader(): string {
  program ??= join(cache, `container-files-${fingerprint()}`);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  execFileSync("go", ["build", "-mod=readonly", "-o", unfinished, "."], { cwd: sources, stdio: "inherit" });
  renameSync(unfinished, program);
  return program;
}

function fingerprint(): string {
  const hash = createHash("sha256").update(execFileSync("go", ["version"]));
  for (const file of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, file)));
  return hash.digest("hex").slice(0, 16);
}
