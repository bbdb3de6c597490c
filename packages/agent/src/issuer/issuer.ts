import { fork, type ChildProcess } from "node:child_process";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { RoleSession } from "../core/session.ts";
import { childEnvironment } from "./child-environment.ts";
import { killGroup } from "./kill-group.ts";
import { fromWire, parseReply, type IssueRequest, type Reply } from "./messages.ts";

/** Limits of the issuer, in milliseconds unless said otherwise. */
export interface IssuerOptions {
  /** What the child sees of the agent's environment is cut to what it needs. */
  readonly env: NodeJS.ProcessEnv;
  /** Longest time for one session, from the child's start of the work. */
  readonly deadlineMs?: number;
  /** Beyond its own deadline the child gets this long to say so; then it hangs, and is killed. */
  readonly graceMs?: number;
  /** How long the child stays after its last job. */
  readonly idleMs?: number;
  /** Jobs the child works on at once. */
  readonly concurrency?: number;
  /** Module that the child runs. */
  readonly childModule?: URL;
}

interface PendingJob {
  readonly request: IssueRequest;
  readonly resolve: (session: RoleSession) => void;
  readonly reject: (error: RoleAgentError) => void;
  attempts: number;
  timer?: NodeJS.Timeout;
}

/**
 * The agent's side of the issuer: starts the child process on demand, hands it one job a session, and kills it when
 * it does not answer in time. Jobs that a dying child leaves behind are given to the next one, once.
 */
export class Issuer {
  readonly #options: Required<IssuerOptions>;
  readonly #queue: number[] = [];
  readonly #jobs = new Map<number, PendingJob>();
  readonly #running = new Set<number>();
  #lastId = 0;
  #child: ChildProcess | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: IssuerOptions) {
    this.#options = {
      deadlineMs: 10_000,
      graceMs: 2000,
      idleMs: 5000,
      concurrency: 16,
      childModule: new URL("child/main.js", import.meta.url),
      ...options,
    };
  }

  /** Obtains one new session. Rejects with a RoleAgentError, after deadline and grace at the latest. */
  async issue(request: IssueRequest): Promise<RoleSession> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#jobs.set(id, { request, resolve, reject, attempts: 0 });
      this.#queue.push(id);
      this.#startJobs();
    });
  }

  /** Ends the child at once; jobs under way fail. */
  stop(): void {
    clearTimeout(this.#idleTimer);
    for (const id of this.#jobs.keys()) this.#fail(id, "the agent is stopping");
    killGroup(this.#child);
    this.#child = undefined;
  }

  #startJobs(): void {
    clearTimeout(this.#idleTimer);
    while (this.#running.size < this.#options.concurrency) {
      const id = this.#queue.shift();
      if (id === undefined) break;
      const job = this.#jobs.get(id);
      if (job !== undefined) this.#start(id, job);
    }
    if (this.#running.size === 0)
      this.#idleTimer = setTimeout(() => this.#dismiss(), this.#options.idleMs).unref();
  }

  #start(id: number, job: PendingJob): void {
    const { deadlineMs, graceMs } = this.#options;
    this.#running.add(id);
    job.attempts += 1;
    job.timer = setTimeout(() => this.#overdue(id), deadlineMs + graceMs);
    const child = (this.#child ??= this.#fork());
    child.send({ id, request: job.request, deadlineMs }, (error) => {
      if (error !== null) killGroup(child);
    });
  }

  #fork(): ChildProcess {
    const child = fork(this.#options.childModule, [], {
      execArgv: [],
      env: childEnvironment(this.#options.env),
      // A group of its own: the deadline also ends what the child has started.
      detached: true,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (message) => this.#answer(parseReply(message)));
    child.on("error", () => this.#lost(child));
    child.on("exit", () => this.#lost(child));
    child.unref();
    child.channel?.unref();
    return child;
  }

  #answer(reply: Reply | undefined): void {
    if (reply === undefined) {
      killGroup(this.#child);
      return;
    }
    const job = this.#take(reply.id);
    if (job === undefined) return;
    if ("session" in reply) job.resolve(reply.session);
    else job.reject(fromWire(reply.error));
    this.#startJobs();
  }

  #overdue(id: number): void {
    this.#fail(id, `no answer within ${this.#options.deadlineMs / 1000} s`);
    killGroup(this.#child);
  }

  #lost(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const id of this.#running) {
      const job = this.#jobs.get(id);
      clearTimeout(job?.timer);
      if (job !== undefined && job.attempts < 2) this.#queue.unshift(id);
      else this.#fail(id, "the issuer ended without an answer");
    }
    this.#running.clear();
    if (this.#queue.length > 0) this.#startJobs();
  }

  #dismiss(): void {
    const child = this.#child;
    this.#child = undefined;
    if (child?.connected === true) child.disconnect();
  }

  #fail(id: number, why: string): void {
    this.#take(id)?.reject(new RoleAgentError("SourceUnavailable", why));
  }

  #take(id: number): PendingJob | undefined {
    const job = this.#jobs.get(id);
    clearTimeout(job?.timer);
    this.#jobs.delete(id);
    this.#running.delete(id);
    return job;
  }
}
