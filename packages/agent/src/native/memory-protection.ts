import { systemCalls } from "./system-calls.ts";

const getDumpable = 3;
const setDumpable = 4;
const rlimitCore = 4;

/** The option of a process that is started to be looked into, and of those that it starts. */
export const unsafeDebug = "--unsafe-debug";

/**
 * Closes this process's memory to other programs of the same user: no debugger can attach, `/proc/PID/mem` and `environ`
 * are root's, and no core is written, whatever takes cores on this machine. A program that it starts is open again.
 * Does nothing where the system's calls are not to be had.
 * @see https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html
 */
export function closeMemory(): void {
  systemCalls().calls?.prctl(setDumpable, 0, 0, 0, 0);
}

/** Whether that is in force; undefined where it can't be told. */
export function isMemoryClosed(): boolean | undefined {
  const dumpable = systemCalls().calls?.prctl(getDumpable, 0, 0, 0, 0);
  return dumpable === undefined ? undefined : dumpable === 0;
}

/** Lets no core be written of this process, nor of what it starts. There is no way back. */
export function refuseCores(): void {
  systemCalls().calls?.setrlimit(rlimitCore, Buffer.alloc(16));
}
