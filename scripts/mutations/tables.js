import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listMutations, suites } from "./list.js";

const start = "<!-- mutations: written by npm run test:mutations -- --write -->";
const end = "<!-- end of mutations -->";

/** The text of a suite's README page with the table of its mutations made new. */
export function pageWithTable(root, suite) {
  const page = readFileSync(join(root, suite, "README.md"), "utf8");
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`${suite}/README.md has no place for the table: "${start}" and "${end}"`);
  return `${page.slice(0, from)}${start}\n\n${table(root, suite)}\n\n${page.slice(to)}`;
}

export function writeTables(root) {
  for (const suite of suites) writeFileSync(join(root, suite, "README.md"), pageWithTable(root, suite));
}

function table(root, suite) {
  const rows = listMutations(root)
    .filter((mutation) => mutation.suite === suite)
    .map(
      ({ name, what, tests }) =>
        `| [${name}](mutations/${name}.patch) | ${what} | ${testLinks(suite, tests)} |`,
    );
  return ["| mutation | what it takes out | seen by |", "| --- | --- | --- |", ...rows].join("\n");
}

function testLinks(suite, tests) {
  return tests
    .map((file) => file.slice(suite.length + 1))
    .map((file) => `[${file.replace(".test.ts", "")}](${file})`)
    .join(", ");
}
