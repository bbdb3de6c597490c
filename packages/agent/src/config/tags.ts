const mostTags = 50;
const longestKey = 128;
const longestValue = 256;
/** AWS takes line and paragraph separators, too, which belong into no line. */
const allowed = /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]*$/u;

/** Something wrong with one key of a table, or with the table where there is no key. */
export interface TagProblem {
  readonly key?: string;
  readonly message: string;
}

/**
 * What AWS would refuse in session tags.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html keys differ by more than case
 */
export function tagProblems(tags: ReadonlyMap<string, string>): TagProblem[] {
  const problems: TagProblem[] = [];
  if (tags.size > mostTags)
    problems.push({ message: `has ${tags.size} tags; AWS takes ${mostTags} at most` });
  const seen = new Set<string>();
  for (const [key, value] of tags) {
    const message = keyProblem(key) ?? valueProblem(value);
    if (message !== undefined) problems.push({ key, message });
    if (seen.has(key.toLowerCase())) {
      problems.push({ key, message: "differs only by case from another tag, and AWS counts them as one" });
    }
    seen.add(key.toLowerCase());
  }
  return problems;
}

/** What is wrong with the key of a tag, or undefined. */
export function keyProblem(key: string): string | undefined {
  if (key.length < 1 || key.length > longestKey) return `the key must have 1 to ${longestKey} characters`;
  return allowed.test(key) ? undefined : "the key may hold only letters, digits, spaces and _.:/=+-@";
}

function valueProblem(value: string): string | undefined {
  if (value.length > longestValue) return `must have ${longestValue} characters at most`;
  return allowed.test(value) ? undefined : "may hold only letters, digits, spaces and _.:/=+-@";
}
