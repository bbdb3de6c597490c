import { parseCommandLine, usage, UsageError, type CommandLine } from "./command-line.ts";
import { writeClientFiles } from "./client-files.ts";
import { awsConfigFile, conflictingVariables } from "./environment.ts";
import { endRequested, runCommand, type Ending } from "./run-command.ts";
import { startSandbox, type Sandbox } from "./sandbox.ts";

const endedWell: Ending = { exitCode: 0, signal: null };

/**
 * The command `role-agent-sandbox`: ends the process as its COMMAND ended (0 without one), with 1 where
 * something failed and with 2 for a wrong command line.
 */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const commandLine = parseCommandLine(args);
    if (commandLine.help) {
      process.stdout.write(usage);
      return;
    }
    endAs(await serve(commandLine));
  } catch (error) {
    const { message, hint, exitCode } = explain(error);
    process.stderr.write(`role-agent-sandbox: ${message}\n${hint === undefined ? "" : `hint: ${hint}\n`}`);
    process.exitCode = exitCode;
  }
}

async function serve({ port, minSessionSeconds, json, command }: CommandLine): Promise<Ending> {
  const ended = command.length === 0 ? endRequested() : undefined;
  const sandbox = await startSandbox({ port, ...(minSessionSeconds !== undefined && { minSessionSeconds }) });
  const files = await writeClientFiles(awsConfigFile(sandbox));
  const environment = {
    ...sandbox.environment(files.configPath),
    ROLE_AGENT_SOCK: files.agentSocketPath,
    ...proxyExemption(),
  };
  try {
    if (json) process.stdout.write(jsonLine(sandbox));
    if (command.length > 0) return await runCommand(command, childEnvironment(environment));
    if (!json) process.stdout.write(exportLines(environment));
    process.stderr.write(`role-agent-sandbox: serving on ${sandbox.url}, Ctrl-C ends it\n`);
    await ended;
    return endedWell;
  } finally {
    await files.remove();
    await sandbox.stop();
  }
}

function jsonLine({ url, region, accounts }: Sandbox): string {
  return `${JSON.stringify({ endpoint: url, region, accounts })}\n`;
}

function exportLines(environment: Readonly<Record<string, string>>): string {
  const exports = Object.entries(environment).map(
    ([name, value]) => `export ${name}=${shellQuoted(value)}\n`,
  );
  return `unset ${conflictingVariables.join(" ")}\n${exports.join("")}`;
}

function shellQuoted(value: string): string {
  return /^[\w./:,-]*$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

function childEnvironment(environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = { ...process.env };
  for (const name of conflictingVariables) delete inherited[name];
  return { ...inherited, ...environment };
}

/** Clients that honour HTTP_PROXY would ask the proxy for 127.0.0.1 otherwise. */
function proxyExemption(): Record<string, string> {
  const exempt = process.env["no_proxy"] ?? process.env["NO_PROXY"];
  const value = exempt ? `${exempt},127.0.0.1` : "127.0.0.1";
  return { NO_PROXY: value, no_proxy: value };
}

function endAs({ exitCode, signal }: Ending): void {
  if (signal === null) process.exitCode = exitCode ?? 1;
  else process.kill(process.pid, signal);
}

function explain(error: unknown): { message: string; hint?: string; exitCode: number } {
  if (error instanceof UsageError) return { message: error.message, hint: error.hint, exitCode: 2 };
  if (!isSystemError(error)) return { message: `can't serve: ${String(error)}`, exitCode: 1 };
  const { code, syscall = "", path = "", message } = error;
  if (code === "EADDRINUSE" || (code === "EACCES" && syscall === "listen")) {
    const why = code === "EACCES" ? "this user may not use the port" : "the port is in use";
    return { message: `can't listen: ${why}`, hint: "leave out --port for any free port", exitCode: 1 };
  }
  if (syscall.startsWith("spawn")) {
    // EACCES is also said of a command that is in no directory of PATH, when one of these can't be read.
    const why = code === "ENOENT" || code === "EACCES" ? "not found, or not executable" : message;
    return { message: `can't run ${path}: ${why}`, hint: "check the name after --", exitCode: 1 };
  }
  return { message: `can't serve: ${message}`, exitCode: 1 };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
