/** `*`: any number of characters. */
export const any: unique symbol = Symbol("*");
/** `?`: exactly one character. */
export const one: unique symbol = Symbol("?");
/** Characters to match one by one, and wildcards between them. */
export type Pattern = readonly (string | typeof any | typeof one)[];

/** A pattern of the text as it is. */
export function literalPattern(text: string): Pattern {
  return Array.from(text);
}

export function wildcardPattern(text: string): Pattern {
  return Array.from(text, (char) => (char === "*" ? any : char === "?" ? one : char));
}

/**
 * Whether the whole text fits the pattern. Only the last `*` is ever revisited, so the time is at most
 * pattern length × text length, whatever the pattern: no regular expression could promise that.
 */
export function matchesPattern(pattern: Pattern, text: string | Pattern): boolean {
  const chars = Array.from<Pattern[number]>(text);
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < chars.length) {
    const token = pattern[at];
    if (token === any) {
      star = at;
      resume = index;
      at += 1;
    } else if (token === one || token === chars[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      resume += 1;
      index = resume;
      at = star + 1;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every((token) => token === any);
}

/**
 * Whether an ARN fits a pattern component by component: a wildcard never reaches over one of the first five colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchesArn(pattern: Pattern, arn: string): boolean {
  const wanted = arnComponents(pattern);
  const actual = arnComponents(literalPattern(arn));
  return (
    wanted.length === 6 &&
    actual.length === 6 &&
    wanted.every((component, index) => matchesPattern(component, actual[index] ?? []))
  );
}

function arnComponents(tokens: Pattern): Pattern[] {
  const components: Pattern[] = [];
  let start = 0;
  while (components.length < 5) {
    const colon = tokens.indexOf(":", start);
    if (colon < 0) break;
    components.push(tokens.slice(start, colon));
    start = colon + 1;
  }
  return [...components, tokens.slice(start)];
}
