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
  const hasOwnTime = env["JOURNAL_STREAM"] !== undefined;
  const at = (own: LogLevel) => (message: string) => {
    if (order.indexOf(own) < order.indexOf(level())) return;
    const time = hasOwnTime ? "" : `${new Date().toISOString()} `;
    write(`${time}${own} ${printable(message)}\n`);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
