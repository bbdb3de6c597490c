import type { SessionCache } from "./session-cache.ts";

/** Of a process that narrows each request differently, only what was used last is kept. */
const mostCaches = 100;

/** The caches of a process by what they are for, so that all who ask for the same share one. */
export class SharedCaches {
  readonly #caches = new Map<string, SessionCache>();

  /** The cache for this key. A new one makes room: sessions that have ended leave the memory. */
  get(key: string, make: () => SessionCache): SessionCache {
    const known = this.#caches.get(key);
    if (known === undefined) this.#dropSpent();
    const cache = known ?? make();
    this.#caches.delete(key);
    this.#caches.set(key, cache);
    const [oldest] = this.#caches.keys();
    if (this.#caches.size > mostCaches && oldest !== undefined) this.#caches.delete(oldest);
    return cache;
  }

  #dropSpent(): void {
    for (const [key, cache] of this.#caches) if (cache.isSpent) this.#caches.delete(key);
  }
}
