import { readFileSync } from "node:fs";

/**
 * Names this start of the machine, where the system does: Linux.
 * @see https://www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#random
 */
export function bootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() || null;
  } catch {
    return null;
  }
}
