import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askAgain } from "../../../packages/agent/src/issuer/child/waited-for.ts";

const silenceMs = 3000;

/** What was sent: its signal, and how to answer it. */
interface Sent {
  readonly signal: AbortSignal;
  readonly answer: (text: string) => void;
  readonly fail: (error: Error) => void;
}

let sent: Sent[];

async function send(signal: AbortSignal): Promise<string> {
  return new Promise((answer, fail) => {
    sent.push({ signal, answer, fail });
    signal.addEventListener("abort", () => fail(new Error("aborted")));
  });
}

function aborted(): readonly boolean[] {
  return sent.map(({ signal }) => signal.aborted);
}

beforeEach(() => {
  sent = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

it("sends once where the answer comes in time", async () => {
  const asked = askAgain(send, new AbortController().signal);
  sent[0]?.answer("first");
  expect(await asked).toBe("first");
  await vi.advanceTimersByTimeAsync(10 * silenceMs);
  expect(aborted()).toEqual([false]);
});

it("sends again every three seconds, takes the first answer, and gives up the others alone", async () => {
  const asked = askAgain(send, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(2 * silenceMs);
  expect(sent).toHaveLength(3);
  sent[1]?.answer("second");
  expect(await asked).toBe("second");
  expect(aborted()).toEqual([true, false, true]);
});

it("fails as soon as one fails", async () => {
  const asked = askAgain(send, new AbortController().signal);
  const failed = expect(asked).rejects.toThrow("refused");
  await vi.advanceTimersByTimeAsync(silenceMs);
  sent[1]?.fail(new Error("refused"));
  await failed;
  expect(aborted()).toEqual([true, true]);
});

it("ends with its job", async () => {
  const job = new AbortController();
  const asked = askAgain(send, job.signal);
  const failed = expect(asked).rejects.toThrow("aborted");
  await vi.advanceTimersByTimeAsync(silenceMs);
  job.abort();
  await failed;
  expect(aborted()).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(10 * silenceMs);
  expect(sent).toHaveLength(2);
});
