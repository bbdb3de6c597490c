import { RoleAgentError } from "@role-agent/provider/errors";
import type { IssuedSession } from "../core/session.ts";
import { IssuerChild } from "./issuer-child.ts";
import { machineMs } from "./machine-clock.ts";
import { fromWire, longestRenewalMs, type IssueRequest, type Reply } from "./messages.ts";
import { revealSecrets, type EnvironmentSecrets } from "./environment-secrets.ts";
import { isRepeatable } from "./repeatable.ts";
import { SleepWatch } from "./sleep-watch.ts";
import { SignInMarks } from "./sign-in-marks.ts";

/** How often it looks whether the machine has slept while jobs are under way. */
const sleepCheckMs = 500;

/** Limits of the issuer, in milliseconds unless said otherwise. */
export interface IssuerOptions {
  /** What the child sees of the agent's environment is cut to what it needs. */
  readonly env: NodeJS.ProcessEnv;
  /** What of the environment only the child has. */
  readonly secrets?: EnvironmentSecrets;
  /** Longest time for one session, waiting for its turn included. */
  readonly deadlineMs?: number;
  /** Beyond the deadline the child gets this long to say so; then it hangs, and is killed. */
  readonly graceMs?: number;
  /** How long the child stays after its last job and renewal. */
  readonly idleMs?: number;
  /** How long a child may take to end by itself, beyond the renewals that it has begun unless the agent stops. */
  readonly partingMs?: number;
  /** Jobs the child works on at once. */
  readonly concurrency?: number;
  /** Module that the child runs. */
  readonly childModule?: URL;
}

interface PendingJob {
  readonly request: IssueRequest;
  readonly resolve: (session: IssuedSession) => void;
  readonly reject: (error: RoleAgentError) => void;
  readonly timer: NodeJS.Timeout;
  readonly endsAt: number;
  attempts: number;
}

/**
 * The agent's side of the issuer: starts the child process on demand, hands it one job a session, and ends it when
 * it does not answer in time, or when the machine has slept: its connections lead nowhere then. Jobs that a dying child
 * leaves behind are given to the next one, once.
 */
export class Issuer {
  readonly #options: Required<IssuerOptions>;
  readonly #queue: number[] = [];
  readonly #jobs = new Map<number, PendingJob>();
  readonly #running = new Set<number>();
  readonly #parting = new Set<IssuerChild>();
  readonly #signIns = new SignInMarks();
  readonly #sleep = new SleepWatch();
  #lastId = 0;
  #child: IssuerChild | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #sleepTimer: NodeJS.Timeout | undefined;

  constructor(options: IssuerOptions) {
    this.#options = {
      deadlineMs: 10_000,
      graceMs: 2000,
      idleMs: 5000,
      partingMs: 3500,
      concurrency: 64,
      childModule: new URL("child/main.js", import.meta.url),
      secrets: new Map(),
      ...options,
    };
  }

  /** Starts the child, which takes a while, for a first job that is sure to come. */
  prepare(): void {
    try {
      this.#child ??= this.#newChild();
    } catch {
      // The first job tries it again, and tells of it.
    }
    this.#startJobs();
  }

  /** Obtains one new session. Rejects with a RoleAgentError, after deadline and grace at the latest. */
  async issue(request: IssueRequest): Promise<IssuedSession> {
    const { deadlineMs, graceMs } = this.#options;
    this.#checkSleep();
    this.#sleepTimer ??= setInterval(() => this.#checkSleep(), sleepCheckMs).unref();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#overdue(id), deadlineMs + graceMs);
      const endsAt = machineMs() + deadlineMs;
      this.#jobs.set(id, { request, resolve, reject, timer, endsAt, attempts: 0 });
      this.#queue.push(id);
      this.#startJobs();
    });
  }

  /**
   * Mark of the file that a person's sign-in has left at a path: it stays the same when the issuer itself renews the
   * token, and is another one when anybody else writes it.
   */
  signInMark(path: string): string {
    return this.#signIns.of(path);
  }

  /**
   * Fails jobs under way, and ends the child with its programs; a later job starts another. Resolves when no child runs
   * any more, after `partingMs` at the latest.
   */
  async stop(why = "the agent is stopping"): Promise<void> {
    clearTimeout(this.#idleTimer);
    for (const id of this.#jobs.keys()) this.#fail(id, why);
    this.#dismiss();
    const { partingMs } = this.#options;
    await Promise.all([...this.#parting].map((child) => child.dismiss(partingMs)));
  }

  #startJobs(): void {
    clearTimeout(this.#idleTimer);
    while (this.#running.size < this.#options.concurrency) {
      const id = this.#queue.shift();
      if (id === undefined) break;
      const job = this.#jobs.get(id);
      if (job !== undefined) this.#start(id, job);
    }
    if (this.#running.size > 0) return;
    const { idleMs } = this.#options;
    const quietMs = this.#child?.isRenewing === true ? Math.max(idleMs, longestRenewalMs) : idleMs;
    this.#idleTimer = setTimeout(() => this.#dismiss(), quietMs).unref();
  }

  #start(id: number, job: PendingJob): void {
    try {
      const child = (this.#child ??= this.#newChild());
      this.#running.add(id);
      job.attempts += 1;
      child.send({ id, request: job.request, endsAt: job.endsAt });
    } catch (error) {
      // Out of processes or file descriptors: another attempt comes with the keeper's back-off.
      const why = error instanceof Error ? error.message : String(error);
      this.#fail(id, `the issuer could not be started: ${why}`);
    }
  }

  #newChild(): IssuerChild {
    const { childModule, env, secrets } = this.#options;
    const child: IssuerChild = new IssuerChild(
      childModule,
      { ...env, ...revealSecrets(secrets) },
      {
        onReply: (reply) => this.#answer(reply),
        onRenewed: (token) => this.#signIns.renewed(token),
        onRenewing: () => this.#startJobs(),
        onLost: () => this.#lost(child),
      },
    );
    return child;
  }

  #answer(reply: Reply): void {
    const job = this.#take(reply.id);
    if (job === undefined) return;
    if ("session" in reply) job.resolve(reply.session);
    else job.reject(fromWire(reply.error));
    this.#startJobs();
  }

  #overdue(id: number): void {
    const isRunning = this.#running.has(id);
    this.#fail(id, `no answer within ${this.#options.deadlineMs / 1000} s`);
    if (isRunning) this.#dismiss();
  }

  #lost(child: IssuerChild): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const id of this.#running) {
      const job = this.#jobs.get(id);
      if (job !== undefined && job.attempts < 2 && isRepeatable(job.request.role)) this.#queue.unshift(id);
      else this.#fail(id, "the issuer ended without an answer");
    }
    this.#running.clear();
    if (this.#queue.length > 0) this.#startJobs();
  }

  #checkSleep(): void {
    if (this.#sleep.hasSlept()) this.#dismiss();
  }

  #dismiss(): void {
    const child = this.#child;
    if (child === undefined) return;
    const { partingMs } = this.#options;
    this.#parting.add(child);
    void child
      .dismiss(child.isRenewing ? longestRenewalMs + partingMs : partingMs)
      .finally(() => this.#parting.delete(child));
  }

  #fail(id: number, why: string): void {
    this.#take(id)?.reject(new RoleAgentError("SourceUnavailable", why));
  }

  #take(id: number): PendingJob | undefined {
    const job = this.#jobs.get(id);
    clearTimeout(job?.timer);
    this.#jobs.delete(id);
    this.#running.delete(id);
    if (this.#jobs.size === 0) {
      clearInterval(this.#sleepTimer);
      this.#sleepTimer = undefined;
    }
    return job;
  }
}
