import { execFile } from "node:child_process";
import { expect } from "vitest";
import type { CommandResult } from "../../support/world.ts";

/** Where a command line runs. A `World` is one, too. */
export interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

/** Runs a command line in a shell, to its end. Rejects where it doesn't end. */
export async function run({ env, home }: Place, line: string): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    execFile("sh", ["-c", line], { env, cwd: home, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr, code: 0 });
      else if (typeof error.code === "number") resolve({ stdout, stderr, code: error.code });
      else reject(error);
    });
  });
}

/** The JSON that a program printed. It has succeeded, and has complained about nothing. */
export function answerOf({ stdout, stderr, code }: CommandResult): unknown {
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  return JSON.parse(stdout);
}
