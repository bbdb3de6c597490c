import { closeNames } from "../config/close-names.ts";
import { UsageError, type Command, type CommandCall } from "./command.ts";
import { parse, wantsHelp } from "./parse.ts";
import { reportFailure } from "./report.ts";

/** Loaded on use: a command costs only what it needs. */
const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  init: () => import("./init.ts"),
  serve: () => import("./serve.ts"),
  start: () => import("./start.ts"),
  restart: () => import("./restart.ts"),
  stop: () => import("./stop.ts"),
  reload: () => import("./reload.ts"),
  status: () => import("./status.ts"),
  roles: () => import("./roles.ts"),
  check: () => import("./check.ts"),
  credentials: () => import("./credentials.ts"),
  env: () => import("./env.ts"),
  exec: () => import("./exec.ts"),
  refresh: () => import("./refresh.ts"),
  mfa: () => import("./mfa.ts"),
  keys: () => import("./keys.ts"),
  login: () => import("./login.ts"),
  lock: () => import("./lock.ts"),
  unlock: () => import("./unlock.ts"),
  sandbox: () => import("./sandbox.ts"),
};

/** Runs `role-agent` with these arguments to its end; resolves to the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
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

function passedOn(args: readonly string[]): CommandCall {
  return { options: {}, operands: args, env: process.env };
}

function suggestion(name: string): string {
  const close = closeNames(name, Object.keys(commands));
  return close.length === 0 ? "" : `; did you mean ${close.join(" or ")}?`;
}

async function printOverview(isMistake: boolean): Promise<number> {
  const { overview } = await import("./overview.ts");
  (isMistake ? process.stderr : process.stdout).write(overview);
  return isMistake ? 2 : 0;
}

async function printVersion(): Promise<number> {
  const { packageVersion } = await import("../version.ts");
  process.stdout.write(`role-agent ${packageVersion()}\n`);
  return 0;
}
