import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentClient } from "@role-agent/provider";

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

/** Ends the agent that answers, if one does, and waits until it has written its last line. */
export async function endAgent(client: AgentClient): Promise<void> {
  const status = await client.status().catch(() => undefined);
  if (status === undefined) return;
  await client.stop().catch(() => undefined);
  await untilGone([status.pid]);
}

function isThere(pid: number): boolean {
  try {
    // A zombie that nobody has waited for yet is gone for our purposes.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
