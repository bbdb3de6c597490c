import { parentOf, type Role } from "./role.ts";

/** The names of roles that are what they were, and whose chain of parents is: their sessions stay good. */
export function unchangedRoles(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, Role>,
): ReadonlySet<string> {
  const verdicts = new Map<string, boolean>();
  for (const start of after.keys()) {
    const chain: string[] = [];
    let name: string | undefined = start;
    while (name !== undefined && !verdicts.has(name)) {
      chain.push(name);
      const role = after.get(name);
      name = role === undefined ? undefined : parentOf(role);
    }
    let isParentUnchanged = name === undefined || verdicts.get(name) === true;
    for (const each of chain.toReversed()) {
      isParentUnchanged &&= JSON.stringify(before.get(each)) === JSON.stringify(after.get(each));
      verdicts.set(each, isParentUnchanged);
    }
  }
  return new Set([...verdicts].filter(([, isUnchanged]) => isUnchanged).map(([name]) => name));
}
