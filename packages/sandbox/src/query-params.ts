/** The parameters of one call as the query protocol flattens them: `RoleName`, `Tags.member.1.Key`, … */
export type QueryParams = ReadonlyMap<string, string>;

/** The query string's parameters and those of the form body; the body wins. */
export function readQueryParams(query: URLSearchParams, form: string): QueryParams {
  return new Map([...query, ...new URLSearchParams(form)]);
}

/** The names of a list's members in their order: `Tags` → `Tags.member.1`, `Tags.member.2`, … */
export function memberNames(params: QueryParams, list: string): string[] {
  const prefix = `${list}.member.`;
  const positions = new Set<number>();
  for (const name of params.keys()) {
    if (name.startsWith(prefix)) positions.add(Number.parseInt(name.slice(prefix.length), 10));
  }
  return [...positions].sort((a, b) => a - b).map((position) => prefix + position);
}
