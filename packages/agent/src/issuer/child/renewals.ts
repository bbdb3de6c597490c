import { setTimeout as sleep } from "node:timers/promises";
import { rejectedBy } from "./rejected-by.ts";

/** Longest time for one renewal. It is not the job's: AWS may have spent the token when a job gives up. */
const longestMs = 30_000;

const underWay = new Set<Promise<unknown>>();

/** Renewals of one kind of token by refresh token. AWS takes each once, so that no two may send it. */
export class Renewals<Renewed> {
  readonly #byToken = new Map<string, Promise<Renewed>>();

  /**
   * What the renewal under way brings, or else a new one. Rejects with the signal's reason when that is aborted; the
   * renewal goes on, and keeps what it gets.
   */
  async join(
    refreshToken: string,
    renew: (signal: AbortSignal) => Promise<Renewed>,
    signal: AbortSignal,
  ): Promise<Renewed> {
    const renewal = this.#byToken.get(refreshToken) ?? this.#begin(refreshToken, renew);
    return Promise.race([renewal, rejectedBy(signal)]);
  }

  #begin(refreshToken: string, renew: (signal: AbortSignal) => Promise<Renewed>): Promise<Renewed> {
    const renewal = renew(AbortSignal.timeout(longestMs)).finally(() => {
      this.#byToken.delete(refreshToken);
      underWay.delete(renewal);
    });
    this.#byToken.set(refreshToken, renewal);
    underWay.add(renewal);
    return renewal;
  }
}

/** Resolves when no renewal is under way any more, or so much later. */
export async function renewalsEnded(ms: number): Promise<void> {
  await Promise.race([Promise.allSettled(underWay), sleep(ms)]);
}
