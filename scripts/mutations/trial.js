import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const testMinutes = 5;

/**
 * Applies a mutation in a copy of the checkout, builds it, runs the promise's tests and takes it back. It was seen
 * where the build passes and a test fails; anything else says why not.
 */
export function tryMutation(folder, mutation) {
  const start = Date.now();
  const applied = run(folder, "git", applyArguments(mutation));
  const outcome =
    applied.status === 0 ? mutatedOutcome(folder, mutation) : failure("the patch does not apply", applied);
  return { ...mutation, ...outcome, seconds: Math.round((Date.now() - start) / 1000) };
}

function mutatedOutcome(folder, mutation) {
  try {
    const build = run(folder, process.execPath, [join("node_modules", "typescript", "bin", "tsc"), "-b"]);
    if (build.status !== 0) return failure("the mutated source does not build", build);
    return testOutcome(folder, mutation);
  } finally {
    run(folder, "git", ["apply", "--reverse", ...applyArguments(mutation).slice(1)]);
  }
}

function testOutcome(folder, { tests }) {
  if (tests.length === 0) return failure("no test file bears the promise's number");
  const results = [
    runTests(
      folder,
      "vitest.config.ts",
      tests.filter((file) => !file.includes("/as-root/")),
    ),
    runTests(
      folder,
      "test/interop/vitest.config.ts",
      tests.filter((file) => file.includes("/as-root/")),
    ),
  ].flat();
  const failed = results
    .filter(({ status }) => status === "failed")
    .map(({ fullName }) => `failed: ${fullName}`);
  return failed.length > 0
    ? { seen: true, details: failed }
    : failure(`${results.length} tests passed without it`);
}

/** One result for each test. */
function runTests(folder, config, files) {
  if (files.length === 0) return [];
  const report = join(folder, "mutation-report.json");
  rmSync(report, { force: true });
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const options = [
    "run",
    "--configLoader",
    "runner",
    `--config=${config}`,
    "--retry=0",
    "--reporter=json",
    `--outputFile=${report}`,
  ];
  run(folder, process.execPath, [vitest, ...options, ...files]);
  return JSON.parse(readFileSync(report, "utf8")).testResults.flatMap(
    ({ assertionResults }) => assertionResults,
  );
}

/** Of git, for its patch. */
export function applyArguments({ patch }) {
  return ["apply", "-C1", "--recount", patch];
}

function failure(reason, { stdout = "", stderr = "" } = {}) {
  const output = `${stdout}${stderr}`.trim().split("\n").slice(0, 10);
  return { seen: false, details: [reason, ...output].filter((line) => line !== "") };
}

function run(folder, program, args) {
  return spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: testMinutes * 60_000,
    killSignal: "SIGKILL",
  });
}
