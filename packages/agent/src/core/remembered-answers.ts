import { elapsed, type Clock, type Instant } from "./clock.ts";
import { refusalMs, type Asker } from "./confirmation.ts";

/** Of more processes than this, the one that asked longest ago is forgotten. */
const mostAnswers = 1000;

interface Answer {
  readonly isAllowed: boolean;
  /** When the answer was given; of a yes, when the process last asked. */
  at: Instant;
}

/** What a person has said of processes: a yes as long as the process goes on asking, a no for a minute. */
export class RememberedAnswers {
  readonly #clock: Clock;
  readonly #answers = new Map<string, Answer>();
  #idleMs = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Forgets all; a yes counts for `idleMs` after each request of its process from now on. */
  forget(idleMs: number = this.#idleMs): void {
    this.#idleMs = idleMs;
    this.#answers.clear();
  }

  /** What counts for this process, which asks; undefined where nothing does. */
  of(role: string, asker: Asker): boolean | undefined {
    const key = keyOf(role, asker);
    const answer = key === undefined ? undefined : this.#answers.get(key);
    if (key === undefined || answer === undefined) return undefined;
    const now = this.#clock.now();
    this.#answers.delete(key);
    if (elapsed(answer.at, now) >= (answer.isAllowed ? this.#idleMs : refusalMs)) return undefined;
    if (answer.isAllowed) answer.at = now;
    this.#answers.set(key, answer);
    return answer.isAllowed;
  }

  /** Nothing is remembered of a process that can't be told from others. */
  remember(role: string, asker: Asker, isAllowed: boolean): void {
    const key = keyOf(role, asker);
    if (key === undefined) return;
    this.#answers.delete(key);
    this.#answers.set(key, { isAllowed, at: this.#clock.now() });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > mostAnswers && oldest !== undefined) this.#answers.delete(oldest);
  }
}

function keyOf(role: string, { id }: Asker): string | undefined {
  return id === undefined ? undefined : JSON.stringify([role, id]);
}
