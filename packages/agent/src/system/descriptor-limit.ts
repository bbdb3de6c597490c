import { readFileSync } from "node:fs";

/** What macOS gives a program. */
const fewest = 256;

/**
 * How many file descriptors this process may have open. Node raises that to what the system lets it have, so that
 * `ulimit -n` tells something else.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html
 */
export function descriptorLimit(read: () => string = readLimits): number {
  const soft = /^Max open files +(\d+)/m.exec(readOrNothing(read))?.[1];
  return soft === undefined ? fewest : Number(soft);
}

function readLimits(): string {
  return readFileSync("/proc/self/limits", "utf8");
}

/** Other systems have no such file. */
function readOrNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
