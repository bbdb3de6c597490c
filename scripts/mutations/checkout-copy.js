import { execFileSync } from "node:child_process";
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * A copy of what git knows and doesn't ignore, built, with the checkout's dependencies. The packages of the workspace
 * are the copy's own.
 */
export function copyCheckout(root) {
  const folder = mkdtempSync(join(tmpdir(), "role-agent-mutations-"));
  for (const file of checkoutFiles(root)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), { verbatimSymlinks: true });
  }
  linkDependencies(join(root, "node_modules"), join(folder, "node_modules"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function checkoutFiles(root) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const files = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
  // One that was deleted is still in the index.
  return files.filter(
    (file) => file !== "" && lstatSync(join(root, file), { throwIfNoEntry: false }) !== undefined,
  );
}

function linkDependencies(from, to) {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const isScope = name.startsWith("@");
    if (isScope) linkDependencies(join(from, name), join(to, name));
    else if (lstatSync(join(from, name)).isSymbolicLink())
      cpSync(join(from, name), join(to, name), { verbatimSymlinks: true });
    else symlinkSync(join(from, name), join(to, name));
  }
}
