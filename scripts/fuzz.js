// npm run fuzz -- --minutes N [--seed S] [--only NAME[:PART]] [--path P]: the fuzzers of test/fuzz, each for N minutes.
// NAME is that of its file; a crash says with which --seed and --path it comes again.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const text = { type: "string" };
const { values } = parseArgs({
  options: { minutes: { ...text, default: "1" }, seed: text, only: text, path: text },
});
const [name, part] = values.only?.split(":") ?? [];
const seed = Number(values.seed ?? randomInt(2 ** 31));
const seconds = Number(values.minutes) * 60;
const file = name === undefined ? undefined : join("test", "fuzz", `${name}.test.ts`);
if (!Number.isInteger(seed)) fail("--seed must be a whole number");
if (!(seconds >= 0)) fail("--minutes must be a number");
if (file !== undefined && !existsSync(join(root, file))) fail(`there is no fuzzer ${name}`);

console.log(`fuzz: seed ${seed}, ${seconds} s for each fuzzer`);
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const config = ["--configLoader", "runner", "--config", join("test", "fuzz", "vitest.config.ts")];
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "--root", ".", ...config, ...(file === undefined ? [] : [file])],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      FUZZ_SECONDS: String(seconds),
      FUZZ_SEED: String(seed),
      ...(part !== undefined && { FUZZ_PART: part }),
      ...(values.path !== undefined && { FUZZ_PATH: values.path }),
    },
  },
);
process.exit(status ?? 1);

function fail(problem) {
  console.error(`fuzz: ${problem}`);
  process.exit(1);
}
