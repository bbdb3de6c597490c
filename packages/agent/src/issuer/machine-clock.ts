/** Whole milliseconds of a clock that only goes forward, and that all processes of a machine share. */
export function machineMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
