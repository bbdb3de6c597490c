import type { Clock, Instant } from "../../packages/agent/src/core/clock.ts";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #wall = Date.parse("2026-11-24T12:00:00Z");
  #mono = 0;
  #sleepers = new Set<Sleeper>();
  /** What `random()` answers next; the last one is repeated. */
  randoms: number[] = [0.5];

  now(): Instant {
    return { wall: this.#wall, mono: this.#mono };
  }

  random(): number {
    const [next = 0.5, ...rest] = this.randoms;
    if (rest.length > 0) this.randoms = rest;
    return next;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const sleeper = {
        until: this.#mono + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", sleeper.wake, { once: true });
    });
  }

  /** Lets time pass, waking each sleeper when it is due. */
  async advance(ms: number): Promise<void> {
    const end = this.#mono + ms;
    await settle();
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.until - b.until)[0];
      if (next === undefined || next.until > end) break;
      this.#move(Math.max(0, next.until - this.#mono));
      next.wake();
      await settle();
    }
    this.#move(end - this.#mono);
    await settle();
  }

  /** Sets the wall clock forward or back, as a person or a time server does. */
  setWallBy(ms: number): void {
    this.#wall += ms;
  }

  /** The machine sleeps: the wall clock goes on, timers and the other clock stand still. */
  suspend(ms: number): void {
    this.#wall += ms;
  }

  #move(ms: number): void {
    this.#wall += ms;
    this.#mono += ms;
  }
}

/** Lets every promise that can settle now do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
