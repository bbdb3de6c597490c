import { printable } from "../core/printable.ts";

const longestQuote = 80;

/** `"text"`, made printable and cut where it is long. */
export function quoted(text: string): string {
  return `"${printable(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text)}"`;
}

/** The names of a choice: `"a", "b" or "c"`. */
export function choice(names: readonly string[]): string {
  const last = names.at(-1);
  return last === undefined
    ? ""
    : [names.slice(0, -1).map(quoted).join(", "), quoted(last)].filter(Boolean).join(" or ");
}

/** The place of a value in a TOML document, from the root: keys, and indexes of arrays. */
export type KeyPath = readonly (string | number)[];

/** A path as one would type it in TOML: `roles."my role".tags.team`, `agent.prefetch[0]`. */
export function keyText(path: KeyPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const key = /^[\w-]+$/.test(part) ? part : quoted(part);
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** A table as smol-toml gives it: without a prototype, so that every name is a plain key. */
export type TomlTable = Readonly<Record<string, unknown>>;

/** Lists and dates are objects, too. */
export function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** What a TOML value is, in a person's words. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  switch (typeof value) {
    case "string":
      return "text";
    case "boolean":
      return "true or false";
    case "number":
      return "a number";
    default:
      return "a table";
  }
}
