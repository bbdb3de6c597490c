import { machineMs, uptimeMs } from "./machine-clock.ts";

/** A network forgets connections only in a longer sleep. */
const noticedMs = 5000;

/** Notices that the machine has slept. */
export class SleepWatch {
  #sleptMs = sleptMs();

  /** Whether it has since the last call. */
  hasSlept(): boolean {
    const before = this.#sleptMs;
    this.#sleptMs = sleptMs();
    return this.#sleptMs - before > noticedMs;
  }
}

/** How long it has slept since some start: only one of its clocks goes on then. */
function sleptMs(): number {
  return uptimeMs() - machineMs();
}
