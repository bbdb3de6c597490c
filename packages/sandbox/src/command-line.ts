import { parseArgs } from "node:util";

export const usage = `Usage: role-agent-sandbox [options] [-- COMMAND…]

An offline AWS STS and IAM on 127.0.0.1. Prints the environment that points AWS clients at it, then
serves until Ctrl-C; with a COMMAND it runs that in the environment and ends with it.

Options:
  --port PORT               listen on this port (default: any free one)
  --min-session-seconds N   accept sessions from N seconds on (default: AWS's 900)
  --json                    print one line of JSON instead of export lines
  --help                    show this

Example:
  role-agent-sandbox -- aws sts get-caller-identity
`;

export interface CommandLine {
  help: boolean;
  json: boolean;
  port: number;
  minSessionSeconds: number | undefined;
  /** The command to run in the sandbox's environment; empty is none. */
  command: readonly string[];
}

/** The command line can't be used; `hint` says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: string;

  constructor(message: string, hint = "see role-agent-sandbox --help") {
    super(message);
    this.hint = hint;
  }
}

/** Everything after the first `--` is the command, untouched. Throws UsageError. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const separator = args.indexOf("--");
  const own = separator < 0 ? args : args.slice(0, separator);
  const command = separator < 0 ? [] : args.slice(separator + 1);
  const values = parseOptions(own);
  if (separator >= 0 && command.length === 0)
    throw new UsageError("nothing follows --", "name a command after --");
  return {
    help: values.help ?? false,
    json: values.json ?? false,
    port: wholeNumber("--port", values.port, 0, 65_535) ?? 0,
    minSessionSeconds: wholeNumber("--min-session-seconds", values["min-session-seconds"], 1, 43_200),
    command,
  };
}

interface Options {
  help?: boolean;
  json?: boolean;
  port?: string;
  "min-session-seconds"?: string;
}

function parseOptions(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        json: { type: "boolean" },
        port: { type: "string" },
        "min-session-seconds": { type: "string" },
      },
    });
    if (positionals[0] === undefined) return values;
    throw new UsageError(`unexpected argument '${positionals[0]}'`, "a command to run goes after --");
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof TypeError)) throw error;
    throw new UsageError(error.message.split(/[.\n]/)[0] ?? "");
  }
}

function wholeNumber(option: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`'${text}' is no value of ${option}`, `give a whole number from ${min} to ${max}`);
}
