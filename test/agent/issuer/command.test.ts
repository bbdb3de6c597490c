import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { runCommand } from "../../../packages/agent/src/issuer/child/command.ts";
import { untilGone } from "../../support/processes.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const never = new AbortController().signal;

/** A command line that runs this script with Node. */
function node(script: string): string {
  const file = join(temporaryDirectory(), "program.cjs");
  writeFileSync(file, script);
  return `"${process.execPath}" "${file}"`;
}

describe("a program that prints credentials", () => {
  it("is run without a shell, and what it prints is returned", async () => {
    const command = `${node("console.log(process.argv.slice(2).join('|'))")} $HOME '; touch x' ~`;
    expect(await runCommand(command, "credential_process", never)).toBe("$HOME|; touch x|~\n");
  });

  it("has no standard input to wait for", async () => {
    expect(
      await runCommand(node("process.stdin.on('end', () => console.log('end')).resume()"), "it", never),
    ).toBe("end\n");
  });

  it("that fails tells the person what it said, outside the message that is logged", async () => {
    const run = runCommand(
      node("console.error('my \\u001b[31msecret'); process.exit(3)"),
      "credential_process",
      never,
    );
    await expect(run).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: "credential_process ended with 3",
      hint: "it said: my \\u{1b}[31msecret",
    });
  });

  it("that isn't there is named", async () => {
    await expect(runCommand("/nonexistent/keys --now", "credential_process", never)).rejects.toMatchObject({
      message: "credential_process: /nonexistent/keys: not found",
    });
  });

  it.each([
    ["/opt/keys 'two words", "credential_process has a quote that is not closed"],
    [" ", "credential_process names no program"],
    ["'' --now", "credential_process names no program"],
  ])("whose command line is %j is not looked for", async (command, message) => {
    await expect(runCommand(command, "credential_process", never)).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message,
    });
  });

  it("isn't started when it is too late already", async () => {
    const trace = join(temporaryDirectory(), "trace");
    const run = runCommand(
      node(`require("fs").writeFileSync(${JSON.stringify(trace)}, "")`),
      "credential_process",
      AbortSignal.abort(),
    );
    await expect(run).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: "credential_process could not start in time",
    });
    expect(existsSync(trace)).toBe(false);
  });

  it("that prints without end is killed", async () => {
    const run = runCommand(
      node("for (;;) require('fs').writeSync(1, 'x'.repeat(65536))"),
      "credential_process",
      never,
    );
    await expect(run).rejects.toMatchObject({ message: expect.stringContaining("more than 65536 bytes") });
  });

  it("that never ends is killed at the deadline, with what it has started", async () => {
    const pidFile = join(temporaryDirectory(), "pid");
    const script = `const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
      require("fs").writeFileSync(${JSON.stringify(pidFile)}, process.pid + " " + child.pid);
      setInterval(() => {}, 1000);`;
    const deadline = new AbortController();
    const run = runCommand(node(script), "credential_process", deadline.signal);
    const failure = run.catch((error: unknown) => error);
    while (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "") await sleep(10);
    deadline.abort();
    expect(await failure).toMatchObject({
      code: "SourceUnavailable",
      message: "credential_process did not end in time",
    });
    await untilGone(readFileSync(pidFile, "utf8").split(" ").map(Number));
  });

  it("that leaves a program behind holding its output is not waited for", async () => {
    const script = `const { pid } = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit", detached: true });
      console.log(pid); process.exit(0);`;
    const pid = Number(await runCommand(node(script), "credential_process", never));
    process.kill(pid, "SIGKILL");
  });
});
