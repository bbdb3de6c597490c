import { killGroup } from "../kill-group.ts";

const groups = new Set<number>();
let isEnding = false;
let onChange: (groups: readonly number[]) => void = () => undefined;

/** Calls back with the process groups of the programs that run, whenever one starts or ends. */
export function watchPrograms(callback: (groups: readonly number[]) => void): void {
  onChange = callback;
}

/** Notes a program that leads a group of its own, and so would outlive this process. */
export function programStarted(group: number | undefined): void {
  if (group === undefined) return;
  if (isEnding) return killGroup(group);
  groups.add(group);
  onChange([...groups]);
}

/** Ends what is left of the program's group. */
export function endProgram(group: number | undefined): void {
  killGroup(group);
  if (group !== undefined && groups.delete(group)) onChange([...groups]);
}

/** Ends all that run, and each that is yet to start. */
export function endPrograms(): void {
  isEnding = true;
  for (const group of groups) killGroup(group);
}
