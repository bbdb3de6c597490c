import { parse } from "smol-toml";
import type { KeyPath } from "./words.ts";

/** The deepest key of config.toml: `roles.NAME.tags.KEY`. Deeper ones are found under their ancestor. */
const deepestKey = 4;

/**
 * Finds the line (counted from 1) on which a key, a table or an element of an array starts, or the nearest
 * enclosing one that is there. smol-toml gives lines for syntax errors only, so this reads the text again;
 * it relies on the text being valid TOML.
 * @see https://toml.io/en/v1.0.0#keys
 */
export function keyLines(toml: string): (path: KeyPath) => number | undefined {
  const lines = new KeyScanner(toml).scan();
  return (path) => {
    for (let length = Math.min(path.length, deepestKey); length > 0; length--) {
      const line = lines.get(mapKey(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return undefined;
  };
}

function mapKey(path: KeyPath): string {
  return path.join("\n");
}

class KeyScanner {
  readonly #text: string;
  readonly #lines = new Map<string, number>();
  readonly #elements = new Map<string, number>();
  #position = 0;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text.startsWith("\uFEFF") ? text.slice(1) : text;
  }

  scan(): ReadonlyMap<string, number> {
    let table: KeyPath = [];
    for (this.#skipBlank(); this.#position < this.#text.length; this.#skipBlank()) {
      if (this.#take("[")) {
        const isElement = this.#take("[");
        const start = this.#position;
        table = this.#key([]);
        if (isElement) table = this.#element(table, start);
        this.#match(/\]+/y);
      } else {
        this.#assignment(table);
      }
    }
    return this.#lines;
  }

  /** The next element of an array of tables. */
  #element(list: KeyPath, start: number): KeyPath {
    const key = mapKey(list);
    const index = this.#elements.get(key) ?? 0;
    this.#elements.set(key, index + 1);
    const element = [...list, index];
    this.#note(element, start);
    return element;
  }

  #assignment(table: KeyPath): void {
    const path = this.#key(table);
    this.#take("=");
    this.#value(path);
  }

  /** Reads a key, dotted or not, and notes where it and the tables that it opens stand. */
  #key(table: KeyPath): KeyPath {
    const start = this.#position;
    const path = [...table];
    do {
      this.#match(/[ \t]*/y);
      const raw = this.#match(/[\w-]+/y) || this.#string();
      if (path.length < deepestKey) path.push(unquote(raw));
      this.#match(/[ \t]*/y);
    } while (this.#take("."));
    for (let length = table.length + 1; length <= path.length; length++) {
      this.#note(path.slice(0, length), start);
    }
    return path;
  }

  #value(path: KeyPath): void {
    this.#skipBlank();
    if (this.#take("{")) {
      for (this.#skipBlank(); !this.#ends("}"); this.#skipBlank()) this.#assignment(path);
    } else if (this.#take("[")) {
      this.#skipBlank();
      for (let index = 0; !this.#ends("]"); index++) {
        const element = path.length < deepestKey ? [...path, index] : path;
        this.#note(element, this.#position);
        this.#value(element);
        this.#skipBlank();
      }
    } else if (this.#string() === "") {
      this.#match(/[^,\]}#\n]*/y);
    }
  }

  /** Whether a list or an inline table ends here; a comma before that, or between two elements, is skipped. */
  #ends(bracket: string): boolean {
    if (this.#take(",")) this.#skipBlank();
    return this.#take(bracket) || this.#position >= this.#text.length;
  }

  /** Skips a string and returns it with its quotes; empty where there is none. */
  #string(): string {
    const start = this.#position;
    const quote = this.#text[start];
    if (quote !== '"' && quote !== "'") return "";
    const isMultiLine = this.#text.startsWith(quote.repeat(3), start);
    const delimiter = isMultiLine ? quote.repeat(3) : quote;
    this.#position += delimiter.length;
    while (this.#position < this.#text.length && !this.#text.startsWith(delimiter, this.#position)) {
      this.#position += quote === '"' && this.#text[this.#position] === "\\" ? 2 : 1;
    }
    this.#position += delimiter.length;
    // The last one or two quotes of a multi-line string may be its own: """He said "no""""
    if (isMultiLine) this.#match(quote === '"' ? /"{0,2}/y : /'{0,2}/y);
    return this.#text.slice(start, this.#position);
  }

  #skipBlank(): void {
    while (this.#match(/\s+/y) || this.#match(/#[^\n]*/y));
  }

  #take(character: string): boolean {
    const isThere = this.#text[this.#position] === character;
    if (isThere) this.#position++;
    return isThere;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const [match = ""] = pattern.exec(this.#text) ?? [];
    this.#position += match.length;
    return match;
  }

  /** Positions are noted in ascending order, so the newlines before each are counted once. */
  #note(path: KeyPath, position: number): void {
    for (; this.#counted < position; this.#counted++) {
      if (this.#text[this.#counted] === "\n") this.#line++;
    }
    const key = mapKey(path);
    if (!this.#lines.has(key)) this.#lines.set(key, this.#line);
  }
}

function unquote(raw: string): string {
  if (raw.startsWith("'")) return raw.slice(1, -1);
  const value = raw.startsWith('"') ? parse(`key = ${raw}`)["key"] : raw;
  return typeof value === "string" ? value : raw;
}
