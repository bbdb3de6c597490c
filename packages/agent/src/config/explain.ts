import type { GenericIssue } from "valibot";
import { closeNames } from "./close-names.ts";
import type { ConfigProblem } from "./config.ts";
import { keyLines } from "./key-lines.ts";
import { printable } from "../core/printable.ts";
import { choice, keyText } from "./words.ts";
import type { KeyPath } from "./words.ts";

/** Says what is wrong at a place of config.toml. */
export type Explain = (path: KeyPath, message: string, hint?: string) => ConfigProblem;

/** Explains problems of one file. The text is searched for lines when the first problem turns up. */
export function explainer(file: string, toml: string): Explain {
  let lineOf: ReturnType<typeof keyLines> | undefined;
  return (path, message, hint) => {
    lineOf ??= keyLines(toml);
    const line = lineOf(path);
    return {
      file,
      ...(line !== undefined && { line }),
      key: keyText(path),
      message,
      ...(hint !== undefined && { hint }),
    };
  };
}

/** A value that breaks a rule of the schema, below `table`. The schema words the rules. */
export function explainIssue(explain: Explain, table: KeyPath, issue: GenericIssue): ConfigProblem {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  return explain([...table, ...path], issue.message);
}

/** A key that isn't known at `table`, which takes `known` ones. */
export function explainUnknownKey(
  explain: Explain,
  table: KeyPath,
  key: string,
  known: readonly string[],
): ConfigProblem {
  const path = [...table, key];
  if (secretKey.test(key)) return explain(path, "secrets never stand in config.toml", "use a profile");
  return explain(
    path,
    "unknown key",
    didYouMean(key, known) ?? "remove it, or see the documentation for the keys",
  );
}

/** `secret`, `password`, `aws_access_key_id`, `sessionToken`, … but not `web_identity_token_file`. */
const secretKey = /(?:secret|password|token|access_?key(?:_?id)?)$/i;

/** `did you mean "deploy"?`, where something is close. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const close = closeNames(name, known);
  return close.length > 0 ? `did you mean ${choice(close)}?` : undefined;
}

/**
 * Text that is no TOML. smol-toml's message goes on with the source lines, which could hold a secret: only its
 * first line is taken.
 */
export function explainSyntax(file: string, error: { message: string; line: number }): ConfigProblem {
  const [summary = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
  return {
    file,
    line: error.line,
    message: `not valid TOML: ${printable(summary)}`,
    hint: "check the quotes, brackets and commas of that line",
  };
}
