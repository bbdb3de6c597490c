/** Where lines go in the end. */
export interface LineSink {
  append(text: string): Promise<void>;
}

/** How the lines of a queue went. */
export interface LineCounts {
  written: number;
  lost: number;
}

/** What a queue is made with. */
export interface LineQueueOptions {
  readonly sink: LineSink;
  readonly counts: LineCounts;
  /** Characters that may wait; what comes on top is lost. */
  readonly mostWaiting: number;
  /** The line that stands where so many were lost, with its end. */
  readonly lostLine: (lost: number) => string;
  /** Told when writing begins to fail, and when it succeeds again. */
  readonly onChange: (problem: Error | undefined) => void;
}

/**
 * Lines on their way to a file. Nobody waits for them: what comes while others are written is written next, at once,
 * and what can't be written or would take too much memory is lost and counted.
 */
export class LineQueue {
  readonly #options: LineQueueOptions;
  #lines: string[] = [];
  #waiting = 0;
  #work: Promise<void> | undefined;
  #isFailing = false;
  #untold = 0;

  constructor(options: LineQueueOptions) {
    this.#options = options;
  }

  /** @param line - with its end */
  add(line: string): void {
    if (this.#waiting + line.length > this.#options.mostWaiting) return this.#lose(1);
    this.#lines.push(line);
    this.#waiting += line.length;
    this.#work ??= this.#writeAll();
  }

  /** Resolves when everything that was added is written or lost. */
  async drained(): Promise<void> {
    await this.#work;
  }

  async #writeAll(): Promise<void> {
    // What else is added in this turn goes along.
    await Promise.resolve();
    while (this.#lines.length > 0) await this.#write(this.#take());
    this.#work = undefined;
  }

  async #write(lines: readonly string[]): Promise<void> {
    const { sink, counts, lostLine } = this.#options;
    const told = this.#untold;
    try {
      await sink.append((told > 0 ? lostLine(told) : "") + lines.join(""));
      counts.written += lines.length;
      this.#untold -= told;
      this.#changed(undefined);
    } catch (error) {
      this.#lose(lines.length);
      this.#changed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#waiting = 0;
    return lines;
  }

  #lose(lines: number): void {
    this.#options.counts.lost += lines;
    this.#untold += lines;
  }

  #changed(problem: Error | undefined): void {
    if (this.#isFailing === (problem !== undefined)) return;
    this.#isFailing = problem !== undefined;
    this.#options.onChange(problem);
  }
}
