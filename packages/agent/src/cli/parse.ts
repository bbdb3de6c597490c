import { parseArgs } from "node:util";
import { UsageError, type Command, type CommandCall } from "./command.ts";

/** A command line as its command describes it. Throws a UsageError for any other. */
export function parse(
  command: Pick<Command, "options" | "operands" | "extraArgument">,
  args: readonly string[],
): CommandCall {
  const { values, positionals } = parseStrictly(command.options, args);
  const required = command.operands.filter((operand) => !operand.endsWith("?"));
  const missing = required[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const extra = positionals[command.operands.length];
  if (extra !== undefined)
    throw new UsageError(command.extraArgument ?? `unexpected argument ${JSON.stringify(extra)}`);
  const options = Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string | boolean] => !Array.isArray(entry[1])),
  );
  return { options, operands: positionals, env: process.env };
}

function parseStrictly(options: Command["options"], args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message.replace(/\. To specify.*/s, "") : String(error),
    );
  }
}

/** Whether somebody asks what a command is. */
export function wantsHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}
