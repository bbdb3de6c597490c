import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../system/log.ts";
import { RotatedFile, type Rotation } from "../system/rotated-file.ts";
import { LineQueue, type LineCounts } from "./line-queue.ts";

const megabyte = 1024 * 1024;
const rotation: Rotation = { maxBytes: 10 * megabyte, files: 5 };
/** A disk that hangs must not keep the agent from stopping. */
const patienceMs = 1000;

/** What the audit log stands on. */
export interface AuditLogOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly rotation?: Rotation;
}

/** The file that audit lines go to, wherever the configuration has it. It never keeps anybody waiting. */
export class AuditLog {
  readonly counts: LineCounts = { written: 0, lost: 0 };
  readonly #options: AuditLogOptions;
  #file: RotatedFile | undefined;
  #queue: LineQueue | undefined;

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /** Writes to this file from now on; to none where undefined. */
  use(path: string | undefined): void {
    if (path === this.#file?.path) return;
    void this.close();
    this.#file = path === undefined ? undefined : new RotatedFile(path, this.#options.rotation ?? rotation);
    this.#queue = this.#file === undefined ? undefined : this.#newQueue(this.#file);
  }

  /** @param line - without its end */
  write(line: string): void {
    this.#queue?.add(`${line}\n`);
  }

  /** Resolves when the file has everything, or does not take it within a second. */
  async close(): Promise<void> {
    const queue = this.#queue;
    const file = this.#file;
    const given = new AbortController();
    await Promise.race([
      queue?.drained(),
      sleep(patienceMs, undefined, { signal: given.signal }).catch(() => undefined),
    ]);
    given.abort();
    await file?.close();
  }

  #newQueue(file: RotatedFile): LineQueue {
    const { clock, log } = this.#options;
    return new LineQueue({
      sink: file,
      counts: this.counts,
      mostWaiting: megabyte,
      lostLine: (lines) => {
        const time = new Date(clock.now().wall).toISOString();
        return `${JSON.stringify({ time, event: "lost", lines })}\n`;
      },
      onChange: (problem) => {
        if (problem === undefined) log.info(`audit log: ${file.path}: lines are written again`);
        else log.warn(`audit log: lines are lost, serving goes on: ${problem.message}`);
      },
    });
  }
}
