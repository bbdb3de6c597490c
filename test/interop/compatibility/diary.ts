import { setTimeout as sleep } from "node:timers/promises";
import { startSdkClient, type Failure, type Identity, type RunningClient } from "../support/sdk-client.ts";
import type { Cell } from "./cells.ts";
import type { Rig } from "./rig.ts";

/** One signed call of a client, and what came of it. */
export interface Call {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly answer: Identity | Failure;
}

/** Programs start with so much work that two cores can't have more of them do so at once. */
const startingAtOnce = 3;
/** A client rests five times as long as its call took: a CLI, which is new at each call, leaves the others room. */
const restPerCall = 5;
const [shortestRestMs, longestRestMs] = [1000, 5000];

/** A client at work, and the calls that it has made. */
export class Diary {
  readonly cell: Cell;
  readonly calls: Call[] = [];
  readonly #client: RunningClient;
  #work: Promise<void> | undefined;
  readonly #end = new AbortController();

  constructor(cell: Cell, client: RunningClient) {
    this.cell = cell;
    this.#client = client;
  }

  /** Makes one call, by another client for once where one is given. */
  async call(client: RunningClient = this.#client): Promise<Call> {
    const startedAt = Date.now();
    const answer = await client.whoami();
    const call = { startedAt, endedAt: Date.now(), answer };
    this.calls.push(call);
    return call;
  }

  /** Leaves out its last call, which says nothing of the agent. */
  forgetLast(): void {
    this.calls.pop();
  }

  /** Makes one call after the other until it is told to stop. */
  goOn(): void {
    const { signal } = this.#end;
    const rest = async ({ startedAt, endedAt }: Call): Promise<void> => {
      const wished = restPerCall * (endedAt - startedAt);
      const ms = Math.min(Math.max(wished, shortestRestMs), longestRestMs);
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    };
    this.#work = (async () => {
      while (!signal.aborted) await rest(await this.call());
    })();
    // Whoever stops it is told.
    this.#work.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#work;
  }

  /** The keys that its calls were signed with. */
  get keys(): ReadonlySet<string> {
    return new Set(this.calls.flatMap(({ answer }) => ("arn" in answer ? [answer.accessKeyId] : [])));
  }

  /** What its calls said that failed, of those that a test is about. */
  failures(isAbout: (call: Call) => boolean = () => true): readonly string[] {
    return this.calls.filter(isAbout).flatMap(({ answer }) => problemOf(answer) ?? []);
  }
}

/** Starts the clients, each with one call. */
export async function startDiaries(cells: readonly Cell[], { envOf }: Rig): Promise<readonly Diary[]> {
  const waiting = [...cells];
  const diaries: Diary[] = [];
  const start = async (): Promise<void> => {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
      const diary = new Diary(cell, startSdkClient(cell.client, envOf(cell)));
      diaries.push(diary);
      await diary.call();
    }
  };
  await Promise.all(Array.from({ length: startingAtOnce }, start));
  return diaries.sort((a, b) => cells.indexOf(a.cell) - cells.indexOf(b.cell));
}

const deploySession = /^arn:aws:sts::444455556666:assumed-role\/Deploy\/./;

function problemOf(answer: Call["answer"]): string | undefined {
  if ("error" in answer) return answer.error;
  return deploySession.test(answer.arn) ? undefined : `is ${answer.arn}`;
}
