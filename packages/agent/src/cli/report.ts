import { RoleAgentError, type ErrorCode } from "@role-agent/provider/errors";
import { printable } from "../core/printable.ts";
import { exit, UsageError } from "./command.ts";

const exitCodeOf: Partial<Record<ErrorCode, number>> = {
  MfaRequired: exit.person,
  LoginRequired: exit.person,
  Locked: exit.person,
  InvalidConfiguration: exit.wrong,
};

/** Prints why a command failed, as `role-agent: what failed: why` and a `hint:` line; answers the exit code. */
export function reportFailure(error: unknown, command: string, writeRaw: (text: string) => void): number {
  const write = (text: string): void => writeRaw(text.split("\n").map(printable).join("\n"));
  if (error instanceof UsageError) {
    const help = command === "" ? "role-agent --help" : `role-agent ${command} --help`;
    write(`role-agent: ${error.message}\nhint: ${help}\n`);
    return exit.wrong;
  }
  if (error instanceof RoleAgentError) {
    const hint = error.hint === undefined ? "" : `hint: ${error.hint}\n`;
    write(`role-agent: ${command}: ${error.message}\n${hint}`);
    return error.tryNextLink ? exit.noAgent : (exitCodeOf[error.code] ?? exit.failed);
  }
  if (error instanceof Error && error.name === "ConfigError") {
    write(`role-agent: ${command}: the configuration is wrong:\n${error.message}\n`);
    return exit.wrong;
  }
  write(`role-agent: ${command}: ${error instanceof Error ? error.message : String(error)}\n`);
  return exit.failed;
}
