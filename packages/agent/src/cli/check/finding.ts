import { printable } from "../../core/printable.ts";

/** One thing that was looked at. */
export interface Finding {
  /** `wrong` keeps somebody from credentials, or lets others near them; a `note` may be as it should. */
  readonly level: "ok" | "note" | "wrong";
  /** What was looked at: `config`, `role deploy`. */
  readonly subject: string;
  readonly message: string;
  /** What to do about it, where something is to be done. */
  readonly hint: string | null;
}

/** A finding; `hint` is what to do. */
export function finding(
  level: Finding["level"],
  subject: string,
  message: string,
  hint: string | null = null,
): Finding {
  return { level, subject, message, hint };
}

/** Findings for people: one a line, and what to do below it. */
export function findingsText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => printable(subject).length));
  return findings
    .map(({ level, subject, message, hint }) => {
      const [first = "", ...more] = message.split("\n").map(printable);
      const indent = " ".repeat(width + 9);
      const line = `${level.padEnd(5)}  ${printable(subject).padEnd(width)}  ${first}\n`;
      const rest = [...more, ...(hint === null ? [] : [`hint: ${printable(hint)}`])];
      return line + rest.map((text) => `${indent}${text}\n`).join("");
    })
    .join("");
}
