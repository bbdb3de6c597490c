import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { untilGone } from "./processes.ts";
import { linesAt, writtenAt } from "./written.ts";

/** A line of the audit log. */
export type AuditLine = Readonly<Record<string, unknown>>;

/** Where the audit log of an agent lies whose configuration says nothing of it. */
export function auditLogPath({ home }: { readonly home: string }): string {
  return join(home, ".local", "state", "role-agent", "audit.log");
}

/** The lines of these events that an audit log has by now. */
export function auditLines(path: string, ...events: readonly string[]): readonly AuditLine[] {
  return linesAt(path)
    .map((line): AuditLine => JSON.parse(line))
    .filter(({ event }) => events.includes(String(event)));
}

/** The same as soon as there are as many. */
export async function untilAudited(
  path: string,
  count: number,
  ...events: readonly string[]
): Promise<readonly AuditLine[]> {
  while (auditLines(path, ...events).length < count) await sleep(10);
  return auditLines(path, ...events);
}

/** Resolves when no agent runs any more of those that started: one writes its last lines when it has left its socket. */
export async function untilAgentsGone(path: string): Promise<void> {
  const started = linesAt(path).filter((line) => line.includes('"event":"started"'));
  const pids = started.flatMap((line) => /"pid":(\d+)/.exec(line)?.[1] ?? []);
  // One in a container has another number there.
  await untilGone(pids.filter((pid) => writtenAt(`/proc/${pid}/cmdline`).includes("role-agent")).map(Number));
}
