import { resolve } from "node:path";
import type { ParseArgsConfig } from "node:util";

/** A module under `cli/` that is one command. */
export interface Command {
  /** Shown by `--help`, with an example. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** Names of the arguments, in order; a trailing `?` makes one optional. */
  readonly operands: readonly string[];
  /** What is said of an argument too many, where it may be a secret and must not be repeated. */
  readonly extraArgument?: string;
  /** It reads its own command line, `--help` included: `operands` of the call are all that was typed. */
  readonly isPassedOn?: true;
  /** Does it; the result is the exit code. */
  readonly run: (call: CommandCall) => Promise<number>;
}

/** What the user typed, checked. */
export interface CommandCall {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly operands: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Exit codes, the same for every command. */
export const exit = { done: 0, failed: 1, wrong: 2, noAgent: 3, person: 4 } as const;

/** The command line is wrong: exit code 2, and a pointer to the help. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Options of every command that talks to an agent or is one. */
export const agentOptions = {
  socket: { type: "string" },
  config: { type: "string" },
} as const;

/** An option that takes a value, if it was given. */
export function textOption(call: CommandCall, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === "string" ? value : undefined;
}

/** An option that takes a path, if it was given: an absolute one, since the agent may run elsewhere. */
export function pathOption(call: CommandCall, name: string): string | undefined {
  const value = textOption(call, name);
  if (value === "") throw new UsageError(`--${name} takes a path, and was given none`);
  return value === undefined ? undefined : resolve(value);
}
