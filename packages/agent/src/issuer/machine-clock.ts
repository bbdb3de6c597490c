import { uptime } from "node:os";

/** Whole milliseconds of a clock that only goes forward, and that all processes of a machine share. */
export function machineMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/**
 * Milliseconds since the machine was started, its sleep included: unlike the wall clock nobody sets it.
 * @see https://nodejs.org/api/os.html#osuptime
 */
export function uptimeMs(): number {
  return uptime() * 1000;
}
