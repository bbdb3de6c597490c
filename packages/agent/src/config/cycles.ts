import { printable } from "../core/printable.ts";

/**
 * The cycles of a graph in which a node points to one other at most, each once, in the order of its arrows:
 * a → b → c → a is `["a", "b", "c"]`. Takes linear time and no stack, however long the chains are.
 */
export function findCycles(nodes: Iterable<string>, next: (node: string) => string | undefined): string[][] {
  const cycles: string[][] = [];
  const settled = new Set<string>();
  for (const start of nodes) {
    const trail = new Set<string>();
    let node: string | undefined = start;
    while (node !== undefined && !settled.has(node) && !trail.has(node)) {
      trail.add(node);
      node = next(node);
    }
    if (node !== undefined && trail.has(node)) {
      const walked = [...trail];
      cycles.push(walked.slice(walked.indexOf(node)));
    }
    for (const seen of trail) settled.add(seen);
  }
  return cycles;
}

const longestText = 50;

/** `a → b → c → a`; a cycle of more than 50 is cut. */
export function cycleText(cycle: readonly string[]): string {
  const named = cycle.length > longestText ? [...cycle.slice(0, longestText), "…"] : cycle;
  return [...named, ...cycle.slice(0, 1)].map(printable).join(" → ");
}
