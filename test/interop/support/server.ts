import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished } from "vitest";
import type { Place } from "./run.ts";

/** What a server has printed so far. */
export interface Printed {
  stdout: string;
  stderr: string;
}

/** Starts a server, and waits until it says in the words of `ready` that it serves. It ends when the test is over. */
export async function serve(
  { env, home }: Place,
  ready: RegExp,
  program: string,
  ...args: string[]
): Promise<Printed> {
  const child = spawn(program, args, { env, cwd: home });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill();
    await closed;
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (printed.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (printed.stderr += chunk.toString()));
  await expect.poll(() => printed.stderr, { timeout: 20_000 }).toMatch(ready);
  return printed;
}
