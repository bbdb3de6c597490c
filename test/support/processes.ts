import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The processes that a process has started. Linux only: read from /proc. */
export function childrenOf(pid: number): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.flatMap((task) => {
    const list = readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim();
    return list === "" ? [] : list.split(" ").map(Number);
  });
}

/** Resolves when none of the processes is there any more. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isThere)) await sleep(10);
}

function isThere(pid: number): boolean {
  try {
    // A zombie that nobody has waited for yet is gone for our purposes.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
