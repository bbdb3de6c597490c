import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const suites = ["test/reliability", "test/security"];

/**
 * The mutations of a checkout: patches named for their promise, such as R03-single-flight.patch, whose first line
 * says what is taken out. `tests` are the promise's test files, relative to the root.
 */
export function listMutations(root) {
  return suites.flatMap((suite) =>
    filesIn(root, `${suite}/mutations`, ".patch").map((file) => {
      const name = file.slice(0, -".patch".length);
      const promise = name.slice(0, 3);
      const patch = join(root, suite, "mutations", file);
      const [what] = readFileSync(patch, "utf8").split("\n");
      return { suite, name, promise, what, patch, tests: testsOf(root, suite, promise) };
    }),
  );
}

/** The test files of a promise such as R03, those that need root included. */
export function testsOf(root, suite, promise) {
  return [suite, `${suite}/as-root`].flatMap((folder) =>
    filesIn(root, folder, ".test.ts")
      .filter((file) => file.startsWith(`${promise}-`))
      .map((file) => `${folder}/${file}`),
  );
}

function filesIn(root, folder, suffix) {
  try {
    return readdirSync(join(root, folder))
      .filter((file) => file.endsWith(suffix))
      .sort();
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
