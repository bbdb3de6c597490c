import type { AgentLock } from "./core/agent-lock.ts";
import type { ScreenEvents, ScreenWatch } from "./issuer/screen-watch.ts";
import type { Log } from "./system/log.ts";

/** What a screen lock is made of. */
export interface ScreenLockOptions {
  readonly lock: AgentLock;
  /** Begins to listen to the desktop. */
  readonly watch: (events: ScreenEvents) => Promise<ScreenWatch>;
  readonly log: Log;
}

/** Locks the agent with the desktop's screen, once that is asked for; and when the desktop is heard no more. */
export class ScreenLock {
  readonly #options: ScreenLockOptions;
  #watch: Promise<ScreenWatch> | undefined;

  constructor(options: ScreenLockOptions) {
    this.#options = options;
  }

  /** Whether the agent locks itself with the screen. */
  get isFollowing(): boolean {
    return this.#watch !== undefined;
  }

  /** Follows the screen from now on. Rejects with `InvalidConfiguration` where it can't be heard. */
  async follow(): Promise<void> {
    const { watch, lock } = this.#options;
    this.#watch ??= watch({ onLocked: () => lock.lockNow(), onLost: () => this.#lost() });
    try {
      await this.#watch;
    } catch (error) {
      this.#watch = undefined;
      throw error;
    }
  }

  /** Follows it as the process before did; where the desktop can't be heard, the agent locks itself. */
  resume(): void {
    this.follow().catch(() => this.#lost());
  }

  /** Listens no more. */
  end(): void {
    void this.#watch?.then((watch) => watch.end()).catch(() => undefined);
    this.#watch = undefined;
  }

  #lost(): void {
    this.#watch = undefined;
    this.#options.log.warn(
      "the desktop is heard no more, and its screen not followed: the agent locks itself",
    );
    this.#options.lock.lockNow();
  }
}
