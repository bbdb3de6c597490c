import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveCommand } from "../support/agent-process.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { createWorld } from "../support/world.ts";

/** Where the system lets nobody have one, there is nothing to see. */
const isForbidden =
  process.platform !== "linux" ||
  /^Max core file size +\S+ +0 /m.test(readFileSync("/proc/self/limits", "utf8"));

interface Crash {
  /** What the shell says of its end. */
  readonly said: string;
  /** What is in its working directory then. */
  readonly left: readonly string[];
}

/** Runs a program that may leave cores of any size, and has it die of a signal as soon as it is ready. */
async function crash(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  end: () => Promise<void>,
): Promise<Crash> {
  const cwd = temporaryDirectory();
  const script = 'ulimit -c "$(ulimit -H -c)"; "$@"; exit $?';
  const shell = spawn("/bin/sh", ["-c", script, "sh", ...command], {
    cwd,
    env: { ...env, LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void shell.kill("SIGKILL"));
  let said = "";
  shell.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = once(shell, "close");
  await end();
  await closed;
  return { said, left: readdirSync(cwd) };
}

describe.skipIf(isForbidden)("T13: an agent that crashes leaves no core", () => {
  it.each([
    ["SIGSEGV", "Segmentation fault"],
    ["SIGABRT", "Aborted"],
  ] as const)("of %s, of which any other program leaves one", async (signal, name) => {
    const world = await createWorld();
    const ended = await crash([...serveCommand], world.env, async () => {
      for (;;) {
        const pid = await world.client.status().then(
          (status) => status.pid,
          () => undefined,
        );
        if (pid !== undefined) return void process.kill(pid, signal);
      }
    });
    expect(ended.said).toContain(name);
    expect(ended.said).not.toContain("core dumped");
    expect(ended.left).toEqual([]);
    const other = ["-e", `process.kill(process.pid, "${signal}"); setInterval(() => 0, 1000)`];
    const control = await crash([process.execPath, ...other], world.env, async () => undefined);
    expect(control.said).toContain(`${name} (core dumped)`);
  });
});
