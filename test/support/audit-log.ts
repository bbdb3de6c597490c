import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { linesAt } from "./written.ts";

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
