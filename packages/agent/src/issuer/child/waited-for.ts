import { AsyncLocalStorage } from "node:async_hooks";

/** Whether the present job is one that may be sent again where AWS is silent: see {@link askAgain}. */
export const waitedFor: AsyncLocalStorage<boolean> = new AsyncLocalStorage();

/** As often as a role is tried that a client waits for. */
const silenceMs = 3000;

/**
 * Sends, and sends again whenever nothing has come for three seconds; the first to end in any way counts, and the others
 * are given up. So an outage in which connections just hang is over for clients when it is over.
 *
 * @param send - its signal is aborted when another one counts, or `signal` is aborted
 */
export async function askAgain<Answer>(
  send: (signal: AbortSignal) => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const sent: AbortController[] = [];
  const sendOne = async (): Promise<{ answer: Answer; index: number }> => {
    const index = sent.push(new AbortController()) - 1;
    const own = sent[index]?.signal ?? signal;
    return { answer: await send(AbortSignal.any([own, signal])), index };
  };
  let again: NodeJS.Timeout | undefined;
  let winner = -1;
  try {
    const { answer, index } = await new Promise<{ answer: Answer; index: number }>((resolve, reject) => {
      const next = (): void => void sendOne().then(resolve, reject);
      again = setInterval(next, silenceMs);
      next();
    });
    winner = index;
    return answer;
  } finally {
    clearInterval(again);
    for (const [index, each] of sent.entries()) if (index !== winner) each.abort();
  }
}
