// Builds the programs of test/interop/clients that need a compiler, each once for its sources and its toolchain, and
// writes what was built where test/interop/support/compiled-clients.ts reads it.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedBuild } from "./cache.js";
import { run } from "./programs.js";
import { go } from "./toolchains/go.js";
import { java } from "./toolchains/java.js";
import { ruby } from "./toolchains/ruby.js";
import { rust } from "./toolchains/rust.js";

const toolchains = [go, java, rust, ruby];
const root = fileURLToPath(new URL("../..", import.meta.url));

requireToolchains();
writeList(toolchains.flatMap(built));
// The reader of test/interop/containers, which builds it: from Go's own cache then, and beside no test that goes by time.
run(join(root, "test", "interop", "containers", "support", "reader"), "go", "build", "-o", devNull, ".");

function requireToolchains() {
  const needs = toolchains.flatMap((toolchain) => Object.entries(toolchain.needs));
  const missing = needs.flatMap(([name, isThere]) => (isThere() ? [] : [name]));
  if (missing.length === 0) return;
  console.error(`build-clients: missing: ${missing.join(", ")}`);
  console.error(`hint: apt-get install ${missing.join(" ")}`);
  process.exit(1);
}

function built({ folder, version, build, clients }) {
  const source = join(root, "test", "interop", "clients", folder);
  const { built: directory, seconds } = cachedBuild(source, version(), build);
  const list = clients(source, directory);
  const how = seconds === undefined ? "built before" : `built in ${seconds} s`;
  for (const { sdk, version: its } of list) console.log(`build-clients: ${sdk} ${its}: ${how}`);
  return list;
}

/** Renamed into its place, since another run may read it. */
function writeList(clients) {
  const path = join(root, ".cache", "interop-clients.json");
  mkdirSync(join(root, ".cache"), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(clients, undefined, 2));
  renameSync(unfinished, path);
}
