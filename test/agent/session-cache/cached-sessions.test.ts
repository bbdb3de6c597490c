import { describe, expect, it } from "vitest";
import type { Instant } from "../../../packages/agent/src/core/clock.ts";
import {
  holdSince,
  isServable,
  sealed,
  type IssuedSession,
} from "../../../packages/agent/src/core/session.ts";
import {
  carriedOver,
  environmentDigest,
  parseCachedSessions,
  type CachedSessions,
} from "../../../packages/agent/src/session-cache/cached-sessions.ts";
import { fakeIssued } from "../../support/fake-session.ts";

const minute = 60_000;
const noon = Date.parse("2026-11-24T12:00:00Z");
/** Sealed ten minutes after a session of an hour came, on a machine that runs for a day. */
const sealedAt: Instant = { wall: noon + 10 * minute, mono: 1440 * minute };
const receivedAt: Instant = { wall: noon, mono: 1430 * minute };

function cachedWith(session: Partial<IssuedSession> = {}): CachedSessions {
  const held = { session: { ...fakeIssued(1, noon, 60 * minute), ...session }, receivedAt };
  const kept = [{ name: "deploy", renewAt: 0.5, askedAt: receivedAt, held }];
  return { sealedAt, boot: "one", environment: "", roles: [{ name: "deploy" }], kept };
}

/** Whether the session is served at a moment, after this start of the machine. */
function isServedAt(now: Instant, boot: string | null, cached = cachedWith()): boolean {
  return carriedOver(cached, now, boot).some(
    ({ held }) => held !== undefined && isServable(holdSince(sealed(held.session), held.receivedAt), now),
  );
}

/** Minutes after it was sealed, by each clock. */
function later(wallMinutes: number, monoMinutes: number): Instant {
  return { wall: sealedAt.wall + wallMinutes * minute, mono: sealedAt.mono + monoMinutes * minute };
}

/** The same, on a machine that has just started. */
function afterBoot(wallMinutes: number): Instant {
  return { wall: sealedAt.wall + wallMinutes * minute, mono: minute };
}

describe("cached sessions, while the machine has not started again,", () => {
  it("are what they were", () => {
    expect(carriedOver(cachedWith(), later(1, 1), "one")).toEqual(cachedWith().kept);
  });

  it.each<[what: string, now: Instant, isServed: boolean]>([
    ["before their end", later(49, 49), true],
    ["after it", later(50, 50), false],
    ["after it, on a machine that slept", later(50, 1), false],
    ["before it, with the wall clock set back two hours", later(-119, 1), true],
    ["after it, with the wall clock set back two hours", later(-70, 50), false],
    ["in 1970", { wall: 0, mono: sealedAt.mono + 50 * minute }, false],
    ["in 2038", { wall: 2 ** 31 * 1000, mono: sealedAt.mono + minute }, false],
  ])("are judged by both clocks: %s", (_what, now, isServed) => {
    expect(isServedAt(now, "one")).toBe(isServed);
  });
});

describe.each<[what: string, boot: string | null, now: (minutes: number) => Instant]>([
  ["after another start of the machine", "two", afterBoot],
  ["where the system does not tell its starts apart", null, (minutes) => later(minutes, minutes)],
  ["where the other clock began anew all the same", "one", afterBoot],
])("cached sessions, %s,", (_what, boot, now) => {
  it.each<[what: string, minutes: number, isServed: boolean]>([
    ["before their end", 49, true],
    ["at their end", 50, false],
    ["with a wall clock that says less than when they were sealed", -0.01, false],
    ["in 1970", -sealedAt.wall / minute, false],
    ["in 2038", 6_000_000, false],
  ])("are judged by the wall clock: %s", (_when, minutes, isServed) => {
    expect(isServedAt(now(minutes), boot)).toBe(isServed);
  });

  it("are as old as they were when they were sealed and since, though the wall clock was set back before", () => {
    const set = cachedWith();
    // It was set back by an hour after the session came: the other clock knew better.
    const back = { ...set, sealedAt: { wall: sealedAt.wall - 60 * minute, mono: sealedAt.mono } };
    const then = { ...now(-60 + 49) };
    expect(isServedAt(then, boot, back)).toBe(true);
    expect(isServedAt(now(-60 + 50), boot, back)).toBe(false);
  });

  it("end by AWS's clock, though this machine's was behind it, and still is", () => {
    // AWS was 10 minutes ahead, so that its end reads 10 minutes later.
    const cached = cachedWith({ expiresAt: noon + 70 * minute });
    expect(isServedAt(now(49), boot, cached)).toBe(true);
    expect(isServedAt(now(50), boot, cached)).toBe(false);
  });

  it("end by AWS's clock, though this machine's was ahead of it, and was set right since", () => {
    const cached = cachedWith({ expiresAt: noon + 20 * minute });
    // By the count, 50 minutes would be left; by AWS's clock, which is now this machine's, 10.
    expect(isServedAt(now(9), boot, cached)).toBe(true);
    expect(isServedAt(now(10), boot, cached)).toBe(false);
  });

  it("have their age, and the last request its own, by the clocks of now", () => {
    const moment = now(5);
    const [kept] = carriedOver(cachedWith(), moment, boot);
    const ago = { wall: moment.wall - 15 * minute, mono: moment.mono - 15 * minute };
    expect(kept).toMatchObject({ name: "deploy", renewAt: 0.5, askedAt: ago, held: { receivedAt: ago } });
  });
});

describe("what was unsealed", () => {
  it("is what was sealed", () => {
    const cached = cachedWith();
    expect(parseCachedSessions(Buffer.from(JSON.stringify(cached)))).toEqual(cached);
  });

  it.each<[what: string, value: unknown]>([
    ["nothing", null],
    ["a moment without one of its clocks", { ...cachedWith(), sealedAt: { wall: 1 } }],
    ["a session with a key of two lines", cachedWith({ secretAccessKey: "a\nb" })],
    ["a role without a name", { ...cachedWith(), roles: [{}] }],
    ["no environment", { ...cachedWith(), environment: undefined }],
  ])("is checked: %s", (_what, value) => {
    expect(parseCachedSessions(Buffer.from(JSON.stringify(value)))).toBeUndefined();
  });

  it("may be no JSON", () => {
    expect(parseCachedSessions(Buffer.from("{"))).toBeUndefined();
  });
});

it("the digest of the environment tells what AWS is asked by, in whatever order, and nothing else", () => {
  const env = { AWS_ENDPOINT_URL: "https://a", AWS_PROFILE: "b", TERM: "x" };
  const digest = environmentDigest(env);
  expect(environmentDigest({ TERM: "y", AWS_PROFILE: "b", AWS_ENDPOINT_URL: "https://a" })).toBe(digest);
  expect(environmentDigest({ ...env, AWS_ENDPOINT_URL: "https://b" })).not.toBe(digest);
  expect(environmentDigest({ TERM: "x" })).not.toBe(digest);
});
