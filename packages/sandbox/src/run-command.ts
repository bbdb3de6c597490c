import { spawn } from "node:child_process";

export interface Ending {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

const passedOn: readonly NodeJS.Signals[] = ["SIGHUP", "SIGINT", "SIGTERM"];

/**
 * Runs a command on our own terminal and streams, passing signals on; rejects with the system's error where
 * it can't be started.
 */
export function runCommand(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Ending> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { env, stdio: "inherit" });
  const passOn = (signal: NodeJS.Signals): void => {
    // Ctrl-C on a terminal has reached the whole process group already.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of passedOn) process.on(signal, passOn);
  return new Promise<Ending>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  }).finally(() => {
    for (const signal of passedOn) process.off(signal, passOn);
  });
}

/** Resolves when somebody wants the process to end. */
export function endRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of passedOn) process.once(signal, () => resolve());
  });
}
