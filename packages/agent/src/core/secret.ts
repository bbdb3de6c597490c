const redacted = "[redacted]";

/**
 * Text that nobody prints by mistake: whatever makes text of it, a template, JSON, an error, `util.inspect`, says
 * `[redacted]`, and a structured clone has nothing of it. `reveal()` is the only way to the text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }
}

/** @see https://nodejs.org/api/util.html#utilinspectcustom */
Object.defineProperty(Secret.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: () => redacted });
