import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Cell } from "./cells.ts";
import { knownLimits, limitsByChance } from "./known-limits.ts";

const directory = fileURLToPath(new URL("../../../.cache/compatibility/", import.meta.url));

/** What a column of docs/compatibility.md is about. */
export type Scenario =
  | "first fetch"
  | "two renewals"
  | "STS outage"
  | "recovery"
  | "agent restart"
  | "restart, doors shut"
  | "wrong token"
  | "unknown role";

/** What came of a cell in one scenario. */
export interface Outcome {
  readonly cell: Cell;
  readonly scenario: Scenario;
  /** What went wrong; nothing if all is well. */
  readonly problems: readonly string[];
  /** Requests that arrived at the agent, where the table tells them. */
  readonly requests?: number;
}

/**
 * Expects that all is well but what `known-limits.ts` names, and that those limits are still there, unless they come and
 * go; then writes the outcomes down for docs/compatibility.md.
 */
export function report(file: string, outcomes: readonly Outcome[]): void {
  const red = outcomes.filter(({ problems }) => problems.length > 0);
  const unexpected = red.filter((outcome) => !knownLimits.has(keyOf(outcome)));
  expect(Object.fromEntries(unexpected.map((outcome) => [keyOf(outcome), outcome.problems]))).toEqual({});
  const isGood = ({ problems }: Outcome): boolean => problems.length === 0;
  const isByChance = (outcome: Outcome): boolean => limitsByChance.has(keyOf(outcome));
  const gone = outcomes.filter(
    (outcome) => knownLimits.has(keyOf(outcome)) && isGood(outcome) && !isByChance(outcome),
  );
  expect(gone.map(keyOf), "limits that are no more").toEqual([]);
  const lines = outcomes.map((outcome) => ({
    sdk: outcome.cell.client.sdk,
    version: outcome.cell.client.version,
    shape: outcome.cell.shape,
    scenario: outcome.scenario,
    requests: outcome.requests,
    cause: isGood(outcome) && !isByChance(outcome) ? undefined : knownLimits.get(keyOf(outcome)),
  }));
  // Not of a run that some clients were left out of.
  if (process.env["COMPATIBILITY_ONLY"] !== undefined) return;
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}${file}.json`, `${JSON.stringify(lines, undefined, 2)}\n`);
}

function keyOf({ cell, scenario }: Outcome): string {
  return `${cell.name}: ${scenario}`;
}
