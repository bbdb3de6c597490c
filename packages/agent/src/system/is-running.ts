import { codeOf } from "../core/error-code.ts";

/** Whether there is such a process here; also one that has ended, until its parent has asked how. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
