// Runs the tests on every major release of Node that is promised to work, the oldest one by its oldest version. Each
// comes once from its platform's npm package, which brings the program itself, into .cache/nodes. Arguments go to
// vitest.
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const versions = ["20.18.1", "22.23.3", "24.21.0"];
const root = fileURLToPath(new URL("..", import.meta.url));

const results = versions.map((version) => ({ version, passed: passes(version) }));
for (const { version, passed } of results) console.log(`Node ${version}: ${passed ? "passed" : "FAILED"}`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

function passes(version) {
  console.log(`test-nodes: Node ${version}`);
  const bin = install(version);
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--configLoader", "runner", ...process.argv.slice(2)];
  // What the tests start as `node` is that version, too.
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  return spawnSync(join(bin, "node"), args, { cwd: root, env, stdio: "inherit" }).status === 0;
}

/** Answers the folder of the program. */
function install(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, ".cache", "nodes", version.split(".")[0]);
  const bin = join(folder, "node_modules", name, "bin");
  if (!isVersion(bin, version)) {
    const options = ["--prefix", folder, "--ignore-scripts", "--no-save", "--no-audit", "--no-fund"];
    spawnSync("npm", ["install", ...options, `${name}@${version}`], { stdio: "inherit" });
  }
  if (isVersion(bin, version)) return bin;
  console.error(`test-nodes: the npm package ${name}@${version} can't be installed`);
  process.exit(1);
}

function isVersion(bin, version) {
  return spawnSync(join(bin, "node"), ["--version"], { encoding: "utf8" }).stdout?.trim() === `v${version}`;
}
