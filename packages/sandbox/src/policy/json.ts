import { PolicyDocumentError } from "./policy-document-error.ts";

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** A map, not an object: `__proto__` is a key like any other. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** A policy needs 6 levels; the limit keeps a hostile document from exhausting the stack. */
const maxDepth = 16;

const space = /[ \t\n\r]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /[\p{L}\p{N}_.+-]{1,20}|[^]/uy;

/**
 * Reads JSON as RFC 8259 has it, and refuses duplicate keys as the IAM policy grammar does.
 * `JSON.parse` can't serve: it keeps the last duplicate, and words its errors differently in each Node release.
 * Throws PolicyDocumentError: `line 7, column 3: expected …`. Lines and columns count from 1, columns in characters.
 */
export function parseJson(text: string): JsonValue {
  return new JsonReader(text).document();
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value(1);
    if (this.#next() !== "") this.#expected("the end of the document");
    return value;
  }

  #value(depth: number): JsonValue {
    const start = this.#next();
    if (depth > maxDepth) this.#fail(`nested deeper than ${maxDepth} levels`);
    if (start === "{") return this.#object(depth);
    if (start === "[") return this.#list(depth);
    if (start === '"') return this.#string();
    const digits = this.#match(number);
    if (digits !== "") return Number(digits);
    if (this.#take("true")) return true;
    if (this.#take("false")) return false;
    if (this.#take("null")) return null;
    return this.#expected("a value");
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    this.#take("{");
    if (this.#take("}")) return members;
    do {
      if (this.#next() !== '"') this.#expected("a key in double quotes");
      const keyAt = this.#at;
      const key = this.#string();
      if (members.has(key)) this.#fail(`duplicate key ${JSON.stringify(key)}`, keyAt);
      if (!this.#take(":")) this.#expected('":"');
      members.set(key, this.#value(depth + 1));
    } while (this.#take(","));
    if (!this.#take("}")) this.#expected('"," or "}"');
    return members;
  }

  #list(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#take("[");
    if (this.#take("]")) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(","));
    if (!this.#take("]")) this.#expected('"," or "]"');
    return items;
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    for (let char = this.#char(); char !== '"'; char = this.#char()) {
      if (char === "") this.#fail("unterminated string", start);
      if (char < " ") this.#fail("control character in a string");
      if (char !== "\\") this.#at += 1;
      else if (this.#match(escape) === "") this.#fail("invalid escape in a string");
    }
    this.#at += 1;
    return String(JSON.parse(this.#text.slice(start, this.#at)));
  }

  #char(): string {
    return this.#text.charAt(this.#at);
  }

  /** The next character that is not white space, "" at the end. */
  #next(): string {
    this.#match(space);
    return this.#char();
  }

  #take(token: string): boolean {
    this.#next();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #expected(what: string): never {
    const at = this.#at;
    const found = this.#match(word);
    const named = found === "\uFEFF" ? "a byte order mark" : JSON.stringify(found);
    this.#fail(`expected ${what} but found ${found === "" ? "the end of the document" : named}`, at);
  }

  #fail(problem: string, at: number = this.#at): never {
    const lines = this.#text.slice(0, at).split("\n");
    const column = Array.from(lines.at(-1) ?? "").length + 1;
    throw new PolicyDocumentError(`line ${lines.length}, column ${column}: ${problem}`);
  }
}
