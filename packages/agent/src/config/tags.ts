const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

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
  if (tags.size > MOST_TAGS)
    problems.push({ message: `has ${tags.size} tags; AWS takes ${MOST_TAGS} at most` });
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
  if (key.length < 1 || key.length > LONGEST_KEY) return `the key must have 1 to ${LONGEST_KEY} characters`;
  return ALLOWED.test(key) ? undefined : "the key may hold only letters, digits, spaces and _.:/=+-@";
}

function valueProblem(value: string): string | undefined {
  if (value.length > LONGEST_VALUE) return `must have ${LONGEST_VALUE} characters at most`;
  return ALLOWED.test(value) ? undefined : "may hold only letters, digits, spaces and _.:/=+-@";
}
