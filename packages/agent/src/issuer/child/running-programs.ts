import { killGroup } from "../kill-group.ts";

const groups = new Set<number>();
let onChange: (groups: readonly number[]) => void = () => undefined;

/** Calls back with the process groups of the programs that run, whenever one starts or ends. */
export function watchPrograms(callback: (groups: readonly number[]) => void): void {
  onChange = callback;
}

/** Notes a program that leads a group of its own, and so would outlive this process. */
export function programStarted(group: number | undefined): void {
  if (group === undefined) return;
  groups.add(group);
  onChange([...groups]);
}

/** Ends what is left of the program's group. */
export function endProgram(group: number | undefined): void {
  killGroup(group);
  if (group !== undefined && groups.delete(group)) onChange([...groups]);
}

/** Ends all that run. */
export function endPrograms(): void {
  for (const group of groups) killGroup(group);
}
