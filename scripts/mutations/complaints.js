import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listMutations, suites, testsOf } from "./list.js";
import { pageWithTable } from "./tables.js";
import { applyArguments } from "./trial.js";

const promisesOfSuite = 20;

/** What is missing or no longer true of the promises' tests and mutations. */
export function complaints(root) {
  return [
    ...suites.flatMap((suite) => missing(root, suite)),
    ...suites.flatMap((suite) => stale(root, suite)),
    ...unfit(root),
  ];
}

function missing(root, suite) {
  const mutated = new Set(listMutations(root).map(({ promise }) => promise));
  const untested = promises(suite).filter((promise) => testsOf(root, suite, promise).length === 0);
  const unmutated = promises(suite).filter((promise) => !mutated.has(promise));
  return [
    ...untested.map((promise) => `${suite} has no test file ${promise}-*.test.ts`),
    ...unmutated.map((promise) => `${suite}/mutations has no patch ${promise}-*.patch`),
  ];
}

/** R01 to R20, T01 to T20. */
function promises(suite) {
  const letter = suite === "test/reliability" ? "R" : "T";
  return Array.from(
    { length: promisesOfSuite },
    (_, index) => `${letter}${String(index + 1).padStart(2, "0")}`,
  );
}

/** The formatter fills the cells of a table up. */
function stale(root, suite) {
  const plain = (text) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
  const page = readFileSync(join(root, suite, "README.md"), "utf8");
  return plain(page) === plain(pageWithTable(root, suite))
    ? []
    : [`${suite}/README.md has an old table: npm run test:mutations -- --write`];
}

function unfit(root) {
  return listMutations(root).flatMap((mutation) => {
    const [apply, ...options] = applyArguments(mutation);
    const { status, stderr } = spawnSync("git", [apply, "--check", ...options], {
      cwd: root,
      encoding: "utf8",
    });
    return status === 0 ? [] : [`${mutation.name}.patch does not apply: ${stderr.trim()}`];
  });
}
