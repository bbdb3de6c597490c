import type { ChildProcess } from "node:child_process";

/** Ends a child that was started as the leader of a group, with everything it has started. */
export function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}
