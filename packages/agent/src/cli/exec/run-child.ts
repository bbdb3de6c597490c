import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { printable } from "../../core/printable.ts";

const passedOn = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;
/** What a terminal sends to every process in its foreground, and so to the command already. */
const sentByTerminals: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT"]);

/** Exit codes of a shell for a command that it can't run. */
const notExecutable = 126;
const notFound = 127;

/**
 * Runs a command to its end: on this process's terminal, files and pipes, and with the signals that this process gets.
 * Resolves to the exit code as a shell has it: the command's own, 128 and the number of the signal that ended it, 126
 * where it can't be executed, 127 where it isn't there.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve) => {
    const atTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
    const forward = (signal: NodeJS.Signals): void => {
      if (!(atTerminal && sentByTerminals.has(signal))) child.kill(signal);
    };
    for (const signal of passedOn) process.on(signal, forward);
    const end = (code: number): void => {
      for (const signal of passedOn) process.off(signal, forward);
      resolve(code);
    };
    const child = spawn(command, args, { env, stdio: "inherit" });
    child.once("error", (error) => {
      const isMissing = "code" in error && error.code === "ENOENT";
      process.stderr.write(
        isMissing
          ? `role-agent: exec: ${printable(command)}: not found\nhint: correct it, or PATH\n`
          : `role-agent: exec: ${printable(command)}: can't be executed: ${error.message}\nhint: chmod +x\n`,
      );
      end(isMissing ? notFound : notExecutable);
    });
    child.once("exit", (code, signal) =>
      end(code ?? (signal === null ? 1 : 128 + constants.signals[signal])),
    );
  });
}
