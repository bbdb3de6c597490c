import type { ConditionContext } from "./context.ts";
import { literalPattern, wildcardPattern, type Pattern } from "./wildcard.ts";

/** Policy variables came with 2012-10-17; before, `${…}` is plain text. */
export type PolicyVersion = "2008-10-17" | "2012-10-17";

/** Part of a policy's value: text as written, in which wildcards count, or a value put in, which is itself. */
export interface Piece {
  text: string;
  literal: boolean;
}

const variable = /\$\{([^}]*)\}/g;
const reference = /^([^\s,']+)(?:, '([^']*)')?$/;
const specialCharacters: ReadonlySet<string> = new Set(["*", "?", "$"]);

/**
 * What is wrong with the policy variables of a value; undefined when nothing is.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function variableProblem(value: string, version: PolicyVersion): string | undefined {
  if (version === "2008-10-17") return undefined;
  if (value.replace(variable, "").includes("${")) return 'a policy variable lacks its closing "}"';
  for (const [whole, name = ""] of value.matchAll(variable)) {
    if (name === "") return "a policy variable is empty";
    if (!specialCharacters.has(name) && !reference.test(name)) {
      return `policy variable ${whole} is neither \${key} nor \${key, 'default'}`;
    }
  }
  return undefined;
}

/** Puts the request's values in place of the variables; undefined when one has no value and no default. */
export function substituteVariables(
  value: string,
  version: PolicyVersion,
  context: ConditionContext,
): Piece[] | undefined {
  if (version === "2008-10-17") return plainText(value);
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of value.matchAll(variable)) {
    const text = variableValue(match[1] ?? "", context);
    if (text === undefined) return undefined;
    pieces.push(...plainText(value.slice(end, match.index)), { text, literal: true });
    end = match.index + match[0].length;
  }
  return [...pieces, ...plainText(value.slice(end))];
}

export function plainText(text: string): Piece[] {
  return [{ text, literal: false }];
}

function variableValue(name: string, context: ConditionContext): string | undefined {
  if (specialCharacters.has(name)) return name;
  const [, key = "", fallback] = reference.exec(name) ?? [];
  const values = context.get(key.toLowerCase()) ?? [];
  // A multivalued key can't be a variable.
  return values.length === 1 ? values[0] : fallback;
}

export function toText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join("");
}

export function toPattern(pieces: readonly Piece[]): Pattern {
  return pieces.flatMap((piece) =>
    piece.literal ? literalPattern(piece.text) : wildcardPattern(piece.text),
  );
}
