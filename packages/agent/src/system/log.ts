import { fstatSync } from "node:fs";
import { printable } from "../core/printable.ts";

/** How much is logged; each level includes those to its right. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line an event. Only words that were chosen to be logged come here, never a request, an answer or a key. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const order: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** A log that writes lines with time and level; the time is left out where the journal adds its own. */
export function createLog(
  level: () => LogLevel,
  write: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Log {
  const hasOwnTime = isJournal(env);
  const at = (own: LogLevel) => (message: string) => {
    if (order.indexOf(own) < order.indexOf(level())) return;
    const time = hasOwnTime ? "" : `${new Date().toISOString()} `;
    write(`${time}${own} ${printable(message)}\n`);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/**
 * Whether standard error is the journal's: the variable alone is inherited by whatever a service starts.
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html $JOURNAL_STREAM
 */
function isJournal(env: NodeJS.ProcessEnv): boolean {
  const { dev, ino } = fstatSync(2, { bigint: true });
  return env["JOURNAL_STREAM"] === `${dev}:${ino}`;
}
