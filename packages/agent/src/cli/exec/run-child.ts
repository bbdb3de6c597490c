import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { isatty } from "node:tty";
import { codeOf } from "../../core/error-code.ts";
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
    let child: ChildProcess | undefined;
    const atTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
    const forward = (signal: NodeJS.Signals): void => {
      if (!(atTerminal && sentByTerminals.has(signal))) child?.kill(signal);
    };
    for (const signal of passedOn) process.on(signal, forward);
    const end = (code: number): void => {
      for (const signal of passedOn) process.off(signal, forward);
      resolve(code);
    };
    const fail = (error: unknown): void => end(explain(command, error, env));
    try {
      child = spawn(command, args, { env, stdio: "inherit" });
    } catch (error) {
      return fail(error);
    }
    child.once("error", fail);
    child.once("exit", (code, signal) =>
      end(code ?? (signal === null ? 1 : 128 + constants.signals[signal])),
    );
  });
}

const reasons: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EACCES: ["permission denied", "chmod +x"],
  E2BIG: ["its arguments and environment are too large", "pass fewer or shorter arguments"],
  ENAMETOOLONG: ["its name is too long", "correct it"],
  ENOTDIR: ["a part of its path is no directory", "correct the path"],
  ENOEXEC: ["it is no program", "give a program, or a script that begins with #!"],
};

/** Says why the command can't be run; answers the exit code. */
function explain(command: string, error: unknown, env: NodeJS.ProcessEnv): number {
  const code = codeOf(error);
  const isMissing = code === "ENOENT" || command === "" || (code === "EACCES" && !isSomewhere(command, env));
  const [why, hint] = reasons[code] ?? [code, "give a program that can be run"];
  const name = command === "" ? '""' : printable(command);
  process.stderr.write(
    isMissing
      ? `role-agent: exec: ${name}: not found\nhint: correct it, or PATH\n`
      : `role-agent: exec: ${name}: can't be executed: ${why}\nhint: ${hint}\n`,
  );
  return isMissing ? notFound : notExecutable;
}

/** A directory of PATH that can't be searched, such as another user's, says EACCES of whatever is nowhere else either. */
function isSomewhere(command: string, { PATH = "" }: NodeJS.ProcessEnv): boolean {
  if (command.includes("/")) return true;
  return PATH.split(delimiter).some((directory) => existsSync(join(directory, command)));
}
