import "./hardening.ts";
import { parseArgs } from "node:util";
import { closeNames } from "./config/close-names.ts";
import { UsageError, type Command, type CommandCall } from "./cli/command.ts";
import { reportFailure } from "./cli/report.ts";

/** Loaded on use: a command costs only what it needs. */
const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  serve: () => import("./cli/serve.ts"),
  start: () => import("./cli/start.ts"),
  stop: () => import("./cli/stop.ts"),
  reload: () => import("./cli/reload.ts"),
  status: () => import("./cli/status.ts"),
  roles: () => import("./cli/roles.ts"),
  credentials: () => import("./cli/credentials.ts"),
  refresh: () => import("./cli/refresh.ts"),
  mfa: () => import("./cli/mfa.ts"),
  keys: () => import("./cli/keys.ts"),
  login: () => import("./cli/login.ts"),
  sandbox: () => import("./cli/sandbox.ts"),
};

async function main(argv: readonly string[]): Promise<number> {
  const [name = "", ...args] = argv;
  try {
    if (name === "" || name === "--help" || name === "-h" || name === "help")
      return await printOverview(name === "");
    if (name === "--version") return await printVersion();
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined)
      throw new UsageError(`there is no command ${JSON.stringify(name)}${suggestion(name)}`);
    const { command } = await load();
    if (command.isPassedOn === true) return await command.run(passedOn(args));
    if (!wantsHelp(args)) return await command.run(parse(command, args));
    process.stdout.write(command.help);
    return 0;
  } catch (error) {
    return reportFailure(error, Object.hasOwn(commands, name) ? name : "", (text) =>
      process.stderr.write(text),
    );
  }
}

function parse(command: Command, args: readonly string[]): CommandCall {
  const { values, positionals } = parseStrictly(command, args);
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

function parseStrictly(command: Command, args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options: command.options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message.replace(/\. To specify.*/s, "") : String(error),
    );
  }
}

function passedOn(args: readonly string[]): CommandCall {
  return { options: {}, operands: args, env: process.env };
}

function wantsHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

function suggestion(name: string): string {
  const close = closeNames(name, Object.keys(commands));
  return close.length === 0 ? "" : `; did you mean ${close.join(" or ")}?`;
}

async function printOverview(isMistake: boolean): Promise<number> {
  const { overview } = await import("./cli/overview.ts");
  (isMistake ? process.stderr : process.stdout).write(overview);
  return isMistake ? 2 : 0;
}

async function printVersion(): Promise<number> {
  const { packageVersion } = await import("./version.ts");
  process.stdout.write(`role-agent ${packageVersion()}\n`);
  return 0;
}

// A reader that has gone, such as head, is no failure; the agent goes on without a reader of its log.
process.stdout.on("error", () => process.exit());
process.stderr.on("error", () => undefined);
process.exitCode = await main(process.argv.slice(2));
