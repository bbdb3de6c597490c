import { expect, it } from "vitest";
import { ClockWatch } from "../../../packages/agent/src/core/clock-watch.ts";
import type { RoleSession } from "../../../packages/agent/src/core/session.ts";
import { fakeSession } from "../../support/fake-session.ts";

/** A session that came when AWS's clock was so far ahead. */
function cameWithSkew(seconds: number): RoleSession {
  const session = fakeSession(1, 1_000_000, 3_600_000);
  return { ...session, expiresAt: session.expiresAt + seconds * 1000 };
}

it("knows nothing of the clock before the first session", () => {
  expect(new ClockWatch().skewSeconds).toBeNull();
});

it.each([
  [0, undefined],
  [60, undefined],
  [-60, undefined],
  [61, "this machine's clock is 61 s behind AWS's: set it right"],
  [-7200, "this machine's clock is 7200 s ahead of AWS's: set it right"],
])("a clock of AWS that is ahead by %d s is noticed as: %s", (seconds, notice) => {
  const watch = new ClockWatch();
  expect(watch.observe(cameWithSkew(seconds))).toBe(notice);
  expect(watch.skewSeconds).toBe(seconds);
});

it("learns nothing from a session that was counted by this machine's own clock", () => {
  const watch = new ClockWatch();
  watch.observe(cameWithSkew(300));
  for (const byAwsClock of ["end", "nothing"] as const) {
    expect(watch.observe({ ...cameWithSkew(0), byAwsClock })).toBeUndefined();
  }
  expect(watch.skewSeconds).toBe(300);
});

it("corrects a lifetime that was counted from this machine's time to AWS's end, and no other", () => {
  const watch = new ClockWatch();
  const byProgram = { ...fakeSession(1, 1_000_000, 3_600_000), byAwsClock: "end" } as const;
  expect(watch.corrected(byProgram)).toBe(byProgram);
  watch.observe(cameWithSkew(300));
  expect(watch.corrected(byProgram).lifetimeMs).toBe(3_300_000);
  expect(watch.corrected(cameWithSkew(300)).lifetimeMs).toBe(3_600_000);
  expect(watch.corrected({ ...byProgram, byAwsClock: "nothing" }).lifetimeMs).toBe(3_600_000);
});

it("says that the clock is wrong once, and once more after it was right", () => {
  const watch = new ClockWatch();
  const notices = [300, 310, 0, 300].map((seconds) => watch.observe(cameWithSkew(seconds)) !== undefined);
  expect(notices).toEqual([true, false, false, true]);
});

it("knows how far the clock is off when it has been set since, by a clock that nobody sets", () => {
  let aheadOfWall = 5000;
  const watch = new ClockWatch(() => aheadOfWall);
  watch.observe(cameWithSkew(300));
  aheadOfWall -= 7_200_000;
  expect(watch.skewSeconds).toBe(300 - 7200);
  aheadOfWall += 7_200_000;
  expect(watch.skewMs()).toBe(300_000);
});
