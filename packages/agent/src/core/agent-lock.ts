import { RoleAgentError } from "@role-agent/provider/errors";
import { elapsed, type Clock, type Instant } from "./clock.ts";

/** Each wrong passphrase in a row makes the next answer so much later, as ssh-agent does. */
const delayPerWrongTryMs = 100;
const longestDelayMs = 10_000;

/** A passphrase that can be recognised, but not read: a salted key of it, both base64. */
export interface PassphraseSeal {
  readonly salt: string;
  readonly key: string;
}

/** A lock as plain data, for the next process. */
export interface LockState {
  readonly seal?: PassphraseSeal;
  /** Since when it is locked. */
  readonly lockedAt?: Instant;
  readonly usedAt: Instant;
  readonly idleMs?: number;
  readonly wrongTries: number;
}

/** What a lock needs from around it. */
export interface AgentLockOptions {
  readonly clock: Clock;
  readonly sealPassphrase: (passphrase: string) => Promise<PassphraseSeal>;
  /** Whether a passphrase is the sealed one. */
  readonly isSealed: (seal: PassphraseSeal, passphrase: string) => Promise<boolean>;
  /** That of the process before. */
  readonly state?: LockState | undefined;
  readonly onLocked: () => void;
  readonly onUnlocked: () => void;
  /** Told how many passphrases in a row were wrong. */
  readonly onWrongPassphrase: (tries: number) => void;
}

/**
 * Whether the agent is locked, and the passphrase that opens it, which stays the same until another one is given. One
 * is looked at at a time, the delay after a wrong one included, and others are refused meanwhile: so many connections
 * guess no faster than one.
 */
export class AgentLock {
  readonly #options: AgentLockOptions;
  readonly #closed = new AbortController();
  #seal: PassphraseSeal | undefined;
  #lockedAt: Instant | undefined;
  #usedAt: Instant;
  #idleMs = Infinity;
  #wrongTries = 0;
  #isBusy = false;

  constructor(options: AgentLockOptions) {
    this.#options = options;
    const { state, clock } = options;
    this.#seal = state?.seal;
    this.#lockedAt = state?.lockedAt;
    this.#usedAt = state?.usedAt ?? clock.now();
    this.#idleMs = state?.idleMs ?? Infinity;
    this.#wrongTries = state?.wrongTries ?? 0;
  }

  /** What the lock of the next process goes on with. Throws `InvalidRequest` while a passphrase is being looked at. */
  state(): LockState {
    if (this.#isBusy) throw beingLookedAt();
    return {
      ...(this.#seal && { seal: this.#seal }),
      ...(this.#lockedAt && { lockedAt: this.#lockedAt }),
      usedAt: this.#usedAt,
      ...(Number.isFinite(this.#idleMs) && { idleMs: this.#idleMs }),
      wrongTries: this.#wrongTries,
    };
  }

  /** Since when it is locked; undefined while it is not. */
  get lockedAt(): Instant | undefined {
    return this.#lockedAt;
  }

  /** After how long without a use it locks itself, in milliseconds; `Infinity` where it does not. */
  get idleMs(): number {
    return this.#idleMs;
  }

  /** Locks. Rejects with `InvalidRequest` where it is locked, or another passphrase is being looked at. */
  async lock(passphrase: string): Promise<void> {
    await this.#take(passphrase);
    this.#lock();
  }

  /** Locks with the passphrase that it was given last. Throws `InvalidRequest` where there is none, or it is locked. */
  lockAgain(): void {
    this.#refuseClosed();
    this.#refuseLocked();
    if (this.#seal === undefined) throw inTheWay("the agent was given no passphrase yet", "role-agent lock");
    this.#lock();
  }

  /** Locks with that passphrase where it is not locked and has one. */
  lockNow(): void {
    if (this.#lockedAt === undefined && this.#seal !== undefined) this.#lock();
  }

  /**
   * Takes the passphrase for later: to lock whenever nobody has used the agent for `idleMs`, which stays as it was where
   * absent. Rejects as {@link lock} does.
   */
  async lockLater(passphrase: string, idleMs: number = this.#idleMs): Promise<void> {
    await this.#take(passphrase);
    this.#idleMs = idleMs;
    this.#usedAt = this.#options.clock.now();
  }

  /** Somebody uses the agent: it locks first if nobody did for long enough. */
  use(): void {
    const now = this.#options.clock.now();
    this.lockIfIdle(now);
    this.#usedAt = now;
  }

  /** To be called now and then. */
  lockIfIdle(now: Instant = this.#options.clock.now()): void {
    if (elapsed(this.#usedAt, now) >= this.#idleMs) this.lockNow();
  }

  /**
   * Unlocks. Rejects with `Unauthorized` after the delay where the passphrase is wrong; with `InvalidRequest` where it
   * is not locked, or another passphrase is being looked at.
   */
  async unlock(passphrase: string): Promise<void> {
    await this.#alone(async () => {
      if (this.#lockedAt === undefined || this.#seal === undefined)
        throw inTheWay("the agent is not locked", "role-agent status");
      if (!(await this.#options.isSealed(this.#seal, passphrase))) return this.#refuse();
      this.#lockedAt = undefined;
      this.#usedAt = this.#options.clock.now();
      this.#wrongTries = 0;
      this.#options.onUnlocked();
    });
  }

  /** The agent stops: nobody waits for a delay any more, and no passphrase is looked at. */
  close(): void {
    this.#closed.abort();
  }

  async #take(passphrase: string): Promise<void> {
    await this.#alone(async () => {
      this.#refuseLocked();
      const seal = await this.#options.sealPassphrase(passphrase);
      // It may have locked itself meanwhile, with the one before.
      this.#refuseLocked();
      this.#seal = seal;
    });
  }

  #lock(): void {
    this.#lockedAt = this.#options.clock.now();
    this.#options.onLocked();
  }

  #refuseClosed(): void {
    if (this.#closed.signal.aborted) throw inTheWay("the agent is stopping", "role-agent start");
  }

  #refuseLocked(): void {
    if (this.#lockedAt !== undefined) throw inTheWay("the agent is locked already", "role-agent unlock");
  }

  async #refuse(): Promise<never> {
    const { clock, onWrongPassphrase } = this.#options;
    this.#wrongTries += 1;
    onWrongPassphrase(this.#wrongTries);
    await clock.sleep(Math.min(this.#wrongTries * delayPerWrongTryMs, longestDelayMs), this.#closed.signal);
    throw new RoleAgentError("Unauthorized", "the passphrase is wrong", {
      hint: "try again: each wrong one takes longer, 10 s at most",
    });
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    this.#refuseClosed();
    if (this.#isBusy) throw beingLookedAt();
    this.#isBusy = true;
    try {
      await work();
    } finally {
      this.#isBusy = false;
    }
  }
}

/** What every read of credentials gets while the agent is locked. */
export function agentLocked(): RoleAgentError {
  return new RoleAgentError("Locked", "the agent is locked", { hint: "role-agent unlock" });
}

function beingLookedAt(): RoleAgentError {
  return inTheWay("another passphrase is being looked at", "try again in a few seconds");
}

function inTheWay(message: string, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidRequest", message, { hint });
}
