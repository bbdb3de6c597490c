import type { LockStatus } from "@role-agent/provider/protocol";
import type { AgentSessions } from "./agent-sessions.ts";
import { AgentLock, type LockState } from "./core/agent-lock.ts";
import type { Clock } from "./core/clock.ts";
import { watchScreen } from "./issuer/screen-watch.ts";
import { ScreenLock } from "./screen-lock.ts";
import { lockStatus } from "./status.ts";
import type { Log } from "./system/log.ts";
import { isSealed, sealPassphrase } from "./system/passphrase-seal.ts";

/** What locking is made with. */
export interface AgentLockingOptions {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly sessions: AgentSessions;
  /** The lock of the process before. */
  readonly state: LockState | undefined;
  readonly onLocked: () => void;
  readonly onUnlocked: () => void;
}

/** The agent's lock, the sessions that go with it, and the screen that it follows. */
export class AgentLocking {
  readonly lock: AgentLock;
  readonly screen: ScreenLock;
  readonly #sessions: AgentSessions;

  constructor({ clock, env, log, sessions, state, onLocked, onUnlocked }: AgentLockingOptions) {
    this.#sessions = sessions;
    this.lock = new AgentLock({
      clock,
      sealPassphrase,
      isSealed,
      state,
      onLocked: () => {
        sessions.lock();
        onLocked();
        log.info("locked: all sessions are dropped");
      },
      onUnlocked: () => {
        sessions.keepers.unlock();
        onUnlocked();
        log.info("unlocked");
      },
      onWrongPassphrase: (tries) => log.warn(`unlock: wrong passphrase, ${tries} in a row`),
    });
    this.screen = new ScreenLock({ lock: this.lock, watch: (events) => watchScreen(env, events), log });
  }

  status(): LockStatus {
    return { ...lockStatus(this.lock), lockWithScreen: this.screen.isFollowing };
  }

  /** Goes on as it was in the process before. */
  resume(isLockedWithScreen: boolean): void {
    if (this.lock.lockedAt !== undefined) this.#sessions.lock();
    if (isLockedWithScreen) this.screen.resume();
  }

  /** The agent stops. */
  end(): void {
    this.lock.close();
    this.screen.end();
  }
}
