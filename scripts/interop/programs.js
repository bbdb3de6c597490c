import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Path of a program on PATH, or undefined. */
export function find(program) {
  const directories = (process.env.PATH ?? "").split(delimiter);
  return directories.map((directory) => join(directory, program)).find(isExecutable);
}

/** What a program prints. */
export function textOf(program, ...args) {
  return execFileSync(program, args, { encoding: "utf8" }).trim();
}

/** Whether a program ends well. */
export function works(program, ...args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** Runs a program to its end, and throws where that is not a good one. What it prints goes to standard error. */
export function run(directory, program, ...args) {
  const { status, error } = spawnSync(program, args, { cwd: directory, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`${program} ${args[0]}: ${error?.message ?? `exit code ${status}`}`);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
