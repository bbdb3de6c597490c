import type { AgentStatus, Confirmation } from "@role-agent/provider";
import { printable } from "../core/printable.ts";

/** A status, perhaps of an agent of an older version, which knows no questions. */
type Questions = Partial<Pick<AgentStatus, "confirmations">>;

/** The oldest question that waits for a person. */
export function firstQuestion({ confirmations = [] }: Questions): Confirmation | undefined {
  return confirmations[0];
}

/** The questions that wait for a person, as of `now` (milliseconds since 1970), and what to do about them. */
export function confirmationsText(
  { confirmations = [] }: Questions,
  now: number,
  hint = "hint: role-agent status --watch",
): string {
  const lines = confirmations.map((each) => `${questionText(each, now)}\n`);
  return lines.length === 0 ? "" : `\n${lines.join("")}${hint}\n`;
}

function questionText({ role, client, until }: Confirmation, now: number): string {
  const seconds = Math.max(0, Math.round((Date.parse(until) - now) / 1000));
  const { executable = "a program that can't be seen", pid, uid } = client ?? {};
  const program =
    client === null
      ? "a program that this system does not tell of"
      : `${printable(executable)}, pid ${pid}, uid ${uid}`;
  return `May this program have ${printable(role)}? ${program} (${seconds} s left)`;
}
