import { describe, expect, it } from "vitest";
import { SessionCache } from "../../packages/provider/src/session-cache.ts";
import { SharedCaches } from "../../packages/provider/src/shared-caches.ts";
import { FakeClock } from "../support/fake-clock.ts";

const hour = 3_600_000;

function makers(): { clock: FakeClock; caches: SharedCaches; make: () => SessionCache } {
  const clock = new FakeClock();
  const fetch = async () => {
    const Expiration = new Date(clock.now().wall + hour).toISOString();
    const keys = { AccessKeyId: "k", SecretAccessKey: "s", SessionToken: "t", Token: "t" };
    return { Version: 1 as const, ...keys, Expiration };
  };
  const clocks = {
    wall: () => clock.now().wall,
    mono: () => clock.now().mono,
    sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms, signal),
  };
  return { clock, caches: new SharedCaches(), make: () => new SessionCache(fetch, clocks) };
}

describe("the copies of a process", () => {
  it("are one for one key", async () => {
    const { caches, make } = makers();
    const cache = caches.get("a", make);
    await cache.get(false);
    expect(caches.get("a", make)).toBe(cache);
    expect(caches.get("b", make)).not.toBe(cache);
  });

  it("leave the memory when they have ended and another is made, those under way do not", async () => {
    const { clock, caches, make } = makers();
    const ended = caches.get("ended", make);
    await ended.get(false);
    await clock.advance(hour);
    const asking = caches.get("asking", make);
    const answer = asking.get(false);
    caches.get("new", make);
    expect(caches.get("asking", make)).toBe(asking);
    expect(caches.get("ended", make)).not.toBe(ended);
    await answer;
  });

  it("are a hundred at most: those that were used last", async () => {
    const { caches, make } = makers();
    const all = Array.from({ length: 100 }, (_, tenant) => {
      const cache = caches.get(`${tenant}`, make);
      return { cache, answer: cache.get(false) };
    });
    await Promise.all(all.map(({ answer }) => answer));
    expect(caches.get("0", make)).toBe(all[0]?.cache);
    await caches.get("one more", make).get(false);
    expect(caches.get("0", make)).toBe(all[0]?.cache);
    expect(caches.get("2", make)).toBe(all[2]?.cache);
    expect(caches.get("1", make)).not.toBe(all[1]?.cache);
  });
});
