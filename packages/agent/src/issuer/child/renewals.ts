import { setTimeout as sleep } from "node:timers/promises";
import { longestRenewalMs, type RenewedToken } from "../messages.ts";
import { rejectedBy } from "./rejected-by.ts";

const underWay = new Set<Promise<unknown>>();
let watch: RenewalWatch = { onCount: () => undefined, onKept: () => undefined };

/** What is told of renewals. */
export interface RenewalWatch {
  /** How many are under way, whenever one begins or ends. */
  readonly onCount: (count: number) => void;
  /** A token's successor is in its place. */
  readonly onKept: (token: RenewedToken) => void;
}

/** Has all renewals of this process watched. */
export function watchRenewals(watcher: RenewalWatch): void {
  watch = watcher;
}

/** Tells that the issuer itself, and no person, has written a token. */
export function renewalKept(token: RenewedToken): void {
  watch.onKept(token);
}

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
    const renewal = renew(AbortSignal.timeout(longestRenewalMs)).finally(() => {
      this.#byToken.delete(refreshToken);
      underWay.delete(renewal);
      watch.onCount(underWay.size);
    });
    this.#byToken.set(refreshToken, renewal);
    underWay.add(renewal);
    watch.onCount(underWay.size);
    return renewal;
  }
}

/** Resolves when no renewal is under way any more, or so much later. */
export async function renewalsEnded(ms: number): Promise<void> {
  await Promise.race([Promise.allSettled(underWay), sleep(ms)]);
}
