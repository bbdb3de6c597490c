import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Path of a program of test/interop/clients. */
export function clientProgram(name: string): string {
  return fileURLToPath(new URL(`../clients/${name}`, import.meta.url));
}

/** The first line that a program prints. */
export function printed(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: "utf8" }).split("\n")[0] ?? "";
}

/** Version of a Python package of the suite's environment, as installed. */
export function pythonVersion(name: string): string {
  return printed("python3", "-c", `import importlib.metadata as m; print(m.version("${name}"))`);
}
