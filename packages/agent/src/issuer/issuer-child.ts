import { fork, type ChildProcess } from "node:child_process";
import { childEnvironment } from "./child-environment.ts";
import { unsafeDebug } from "../native/memory-protection.ts";
import { killGroup } from "./kill-group.ts";
import { parseMessage, type Job, type RenewedToken, type Reply } from "./messages.ts";

/** What the issuer hears of its child. */
export interface ChildEvents {
  readonly onReply: (reply: Reply) => void;
  /** It has replaced a token by its successor. */
  readonly onRenewed: (token: RenewedToken) => void;
  /** It has begun or ended renewals of tokens. */
  readonly onRenewing: () => void;
  /** It ended, or could not be started; it will never answer. */
  readonly onLost: () => void;
}

/** One child process of the issuer, with the programs that it runs. */
export class IssuerChild {
  readonly #process: ChildProcess;
  #groups: readonly number[] = [];
  #renewals = 0;
  #isLost = false;
  readonly #events: ChildEvents;

  /** Throws where the system can't start a process. */
  constructor(module: URL, env: NodeJS.ProcessEnv, events: ChildEvents) {
    this.#events = events;
    this.#process = fork(module, process.argv.includes(unsafeDebug) ? [unsafeDebug] : [], {
      execArgv: [],
      env: childEnvironment(env),
      // A group of its own: what it has started without a group for itself ends with it.
      detached: true,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#process.on("error", () => this.#lose());
    if (this.#process.pid === undefined) {
      this.#isLost = true;
      throw new Error("the system can't start a process");
    }
    this.#process.on("message", (message) => this.#receive(message));
    this.#process.on("exit", () => this.kill());
    this.#process.unref();
    this.#process.channel?.unref();
  }

  /** Whether it has yet to keep what AWS takes a token for once. */
  get isRenewing(): boolean {
    return this.#renewals > 0;
  }

  send(job: Job): void {
    this.#process.send(job, (error) => {
      if (error !== null) this.kill();
    });
  }

  /**
   * Ends the programs that it runs, and has it end by itself as soon as it has kept what AWS takes a token for once; it
   * is killed when it has not ended by then. Nothing more is heard of it. Resolves when it has ended, or was killed. A
   * second call may shorten its time.
   */
  async dismiss(partingMs: number): Promise<void> {
    this.#endPrograms();
    this.#lose();
    if (this.#hasEnded()) return;
    if (this.#process.connected) this.#process.disconnect();
    await new Promise<void>((resolve) => {
      const hangs = setTimeout(() => {
        killGroup(this.#process.pid);
        resolve();
      }, partingMs);
      this.#process.once("exit", () => {
        clearTimeout(hangs);
        resolve();
      });
    });
  }

  /** Ends it and all programs that it runs. Nothing more is heard of it, even if the system can't end it yet. */
  kill(): void {
    killGroup(this.#process.pid);
    this.#endPrograms();
    this.#lose();
  }

  #endPrograms(): void {
    for (const group of this.#groups) killGroup(group);
    this.#groups = [];
  }

  #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #receive(message: unknown): void {
    if (this.#isLost) return;
    const received = parseMessage(message);
    if (received === undefined) this.kill();
    else if ("groups" in received) this.#groups = received.groups;
    else if ("renewed" in received) this.#events.onRenewed(received.renewed);
    else if ("renewals" in received) {
      this.#renewals = received.renewals;
      this.#events.onRenewing();
    } else this.#events.onReply(received);
  }

  #lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#events.onLost();
  }
}
