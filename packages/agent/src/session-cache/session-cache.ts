import { setTimeout as sleep } from "node:timers/promises";
import type { SessionCacheStatus } from "@role-agent/provider/protocol";
import { elapsed, type Instant } from "../core/clock.ts";
import type { KeptSessions } from "../handover/estate.ts";
import type { Log } from "../system/log.ts";
import { CacheKey } from "./cache-key.ts";
import { CacheProblem, notWritten } from "./cache-problem.ts";
import { SealedFile } from "./sealed-file.ts";
import { sealSessions, unsealSessions, type SealContext } from "./sealed-sessions.ts";

/** Sessions that come together are written together. */
const pauseBetweenWritesMs = 1000;
const pauseAfterFailureMs = 60_000;
/** How long clients wait for sessions that may be in the cache, before AWS is asked. */
const patienceMs = 3000;
/** A disk that hangs must not keep the agent from stopping. */
const partingMs = 1000;

/** What a session cache stands on. */
export interface SessionCacheOptions extends SealContext {
  readonly log: Log;
  readonly path: string;
  /** From where the configuration says. Both reject with a RoleAgentError. */
  readonly readKey: (signal: AbortSignal) => Promise<Buffer>;
  readonly removeKey: (signal: AbortSignal) => Promise<void>;
  /** What is held right now. */
  readonly held: () => KeptSessions;
  /** Goes on with what was held before; answers with how many sessions. */
  readonly takeUp: (sessions: KeptSessions) => number;
}

/**
 * Keeps the held sessions sealed in a file, for the agent that comes after this one was killed. It holds up nobody: what
 * can't be opened or written is told of once, and the agent goes on as without it.
 */
export class SessionCache {
  readonly #options: SessionCacheOptions;
  readonly #file: SealedFile;
  readonly #keySource: CacheKey;
  readonly #problem: CacheProblem;
  #isOn = false;
  /** Ends what is under way. Another one after each lock. */
  #use = new AbortController();
  #key: Buffer | undefined;
  #obtaining: Promise<Buffer | undefined> | undefined;
  /** Before, nothing is written: the file has what the agent before has left. */
  #opened: Promise<void> = Promise.resolve();
  #opening: Promise<void> | undefined;
  /** One step at a time. */
  #work: Promise<void> = Promise.resolve();
  #isToBeWritten = false;
  #writtenAt: Instant | undefined;

  constructor(options: SessionCacheOptions) {
    const { clock, readKey, path } = options;
    const problem = new CacheProblem(options);
    this.#options = options;
    this.#problem = problem;
    this.#file = new SealedFile(path);
    this.#keySource = new CacheKey({
      clock,
      read: readKey,
      onProblem: (error) => problem.arises(error),
    });
  }

  /** Pending while sessions may come out of it, and whoever asks for one had better wait: three seconds at most. */
  get opening(): Promise<void> | undefined {
    return this.#opening;
  }

  /** For the process that succeeds this one. */
  get key(): Buffer | undefined {
    return this.#key;
  }

  get status(): SessionCacheStatus | null {
    return this.#isOn ? { path: this.#options.path, lastError: this.#problem.current } : null;
  }

  /** Goes on with what is in the file, as soon as its key is there, and keeps the file from then on. */
  open(): void {
    this.#isOn = true;
    const bytes = this.#readFile();
    if (bytes === undefined) return;
    const { signal } = this.#use;
    this.#opened = this.#open(bytes, signal);
    const over = new AbortController();
    void this.#opened.finally(() => over.abort());
    const wait = this.#options.clock.sleep(patienceMs, AbortSignal.any([over.signal, signal]));
    this.#opening = wait.finally(() => (this.#opening = undefined));
  }

  /** Keeps the file from now on; what is in it is known already. */
  resume(key: Buffer): void {
    this.#isOn = true;
    this.#key = key;
    this.changed();
  }

  /** Keeps none from now on, and removes what there is. */
  shut(): void {
    this.#isOn = false;
    if (this.#discard()) this.#options.log.info("session cache: its file is removed");
  }

  /** A person may have mended what kept the key away: it is asked for at once. */
  retry(): void {
    this.#keySource.retry();
  }

  /** What is held is another: it is written within a second or so. */
  changed(): void {
    if (!this.#isOn || this.#isToBeWritten) return;
    this.#isToBeWritten = true;
    void this.#writeSoon(this.#use.signal);
  }

  /** Forgets all at once: the file, and the key without which no copy of it can be opened. */
  drop(): void {
    const hadKey = this.#key !== undefined;
    const wasThere = this.#discard();
    if (!this.#isOn || !(hadKey || wasThere)) return;
    const { removeKey, log } = this.#options;
    const { signal } = this.#use;
    this.#inTurn(async () =>
      removeKey(signal).catch((error: unknown) =>
        log.warn(`session cache: the file is removed, but not its key: ${messageOf(error)}`),
      ),
    );
  }

  /** The agent ends, and leaves the file: what is yet to be written is, within a second. */
  async close(): Promise<void> {
    const { signal } = this.#use;
    if (this.#isOn && this.#isToBeWritten && this.#key !== undefined) this.#write(this.#key, signal);
    const given = new AbortController();
    await Promise.race([
      this.#work,
      sleep(partingMs, undefined, { signal: given.signal }).catch(() => undefined),
    ]);
    given.abort();
    this.leave();
  }

  /** Another process keeps the file from now on. */
  leave(): void {
    this.#isOn = false;
    this.#use.abort();
  }

  async #open(bytes: Buffer, signal: AbortSignal): Promise<void> {
    const key = await this.#obtainKey(signal);
    if (key === undefined || signal.aborted) return;
    const unsealed = unsealSessions(bytes, key, this.#options);
    if ("why" in unsealed) return this.#ignore(unsealed.why);
    const count = this.#options.takeUp(unsealed.sessions);
    this.#options.log.info(`session cache: going on with ${count} of ${unsealed.sealedCount} sessions`);
    this.changed();
  }

  /** Shared: the keychain is asked once. */
  async #obtainKey(signal: AbortSignal): Promise<Buffer | undefined> {
    if (this.#key !== undefined) return this.#key;
    // A key that is to be removed must be gone before.
    this.#obtaining ??= this.#work.then(async () => this.#keySource.obtain(signal));
    const key = await this.#obtaining;
    if (signal.aborted) return undefined;
    this.#key = key;
    return key;
  }

  async #writeSoon(signal: AbortSignal): Promise<void> {
    const { clock, held } = this.#options;
    await this.#opened;
    const sinceMs = this.#writtenAt === undefined ? Infinity : elapsed(this.#writtenAt, clock.now());
    if (sinceMs < pauseBetweenWritesMs) await clock.sleep(pauseBetweenWritesMs - sinceMs, signal);
    if (signal.aborted) return;
    // Nobody is asked for a key that nothing is sealed by.
    const key = held().kept.length === 0 ? undefined : await this.#obtainKey(signal);
    if (signal.aborted || !this.#isToBeWritten) return;
    this.#write(key, signal);
  }

  /** What is held, at once. */
  #write(key: Buffer | undefined, signal: AbortSignal): void {
    const { clock, held } = this.#options;
    this.#isToBeWritten = false;
    if (key !== undefined) this.#writtenAt = clock.now();
    this.#inTurn(async () => {
      try {
        const sessions = held();
        if (signal.aborted) return;
        if (sessions.kept.length === 0) this.#file.remove();
        else if (key === undefined) this.changed();
        else await this.#file.replace(sealSessions(sessions, key, this.#options), signal);
        this.#problem.passes();
      } catch (error) {
        if (signal.aborted) return;
        this.#problem.arises(notWritten(this.#options.path, error));
        void clock.sleep(pauseAfterFailureMs, signal).then(() => this.changed());
      }
    });
  }

  #readFile(): Buffer | undefined {
    try {
      this.#file.removeNewOnes();
      return this.#file.read();
    } catch (error) {
      this.#ignore(messageOf(error));
      return undefined;
    }
  }

  #ignore(why: string): void {
    this.#options.log.warn(`session cache: ${this.#options.path} is ignored: ${why}`);
    this.#remove();
  }

  /** Answers whether there was a file. */
  #discard(): boolean {
    this.#use.abort();
    this.#use = new AbortController();
    this.#isToBeWritten = false;
    this.#key = undefined;
    this.#obtaining = undefined;
    this.#opened = Promise.resolve();
    // A write that is under way may put it there once more.
    this.#inTurn(async () => void this.#remove());
    return this.#remove();
  }

  #remove(): boolean {
    try {
      return this.#file.remove();
    } catch (error) {
      this.#options.log.error(`session cache: ${this.#options.path} can't be removed: ${messageOf(error)}`);
      return false;
    }
  }

  #inTurn(step: () => Promise<void>): void {
    this.#work = this.#work.then(step);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
