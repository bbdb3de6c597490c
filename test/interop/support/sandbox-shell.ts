import { expect } from "vitest";
import { roleAgentProgram } from "../../support/agent-process.ts";
import type { CommandResult } from "../../support/world.ts";
import { cleanRoom } from "./clean-room.ts";
import { run, type Place } from "./run.ts";
import { serve } from "./server.ts";

/** A shell that was told `eval` of the lines that `role-agent sandbox` prints, which goes on serving beside it. */
export interface SandboxShell {
  /** Its home and current directory. */
  readonly home: string;
  run(line: string): Promise<CommandResult>;
}

export async function openSandboxShell(): Promise<SandboxShell> {
  const room = cleanRoom();
  const environment = await serveSandbox(room);
  return { home: room.home, run: (line) => run(room, environment + line) };
}

/** Runs `role-agent sandbox` until the test is over; answers what it has printed for its clients. */
export async function serveSandbox(room: Place, ...options: string[]): Promise<string> {
  const command = [process.execPath, roleAgentProgram, "sandbox", ...options] as const;
  const printed = await serve(room, /serving on/, ...command);
  await expect.poll(() => printed.stdout).toMatch(/\n$/);
  return printed.stdout;
}
