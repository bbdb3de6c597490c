import { describe, expect, it } from "vitest";
import { serverNow } from "../../../packages/agent/src/issuer/child/server-clock.ts";

const date = Date.parse("2026-11-24T12:00:00Z");
const hour = 3_600_000;

describe("AWS's time at the receipt of an answer", () => {
  it.each([0, 1, 500, 999, 1000])(
    "is the local time where that agrees within Date's second (%d ms)",
    (ms) => {
      expect(serverNow(date, date + ms - 40, date + ms)).toBe(date + ms);
    },
  );

  it("is the local time where the answer was on its way for long", () => {
    expect(serverNow(date, date - 100, date + 2900)).toBe(date + 2900);
  });

  it("is the latest that Date allows where the local clock is fast, so that no session seems to last longer", () => {
    expect(serverNow(date, date + 2 * hour, date + 2 * hour + 40)).toBe(date + 1040);
  });

  it("is the latest that Date allows where the local clock is slow", () => {
    expect(serverNow(date, date - 2 * hour, date - 2 * hour + 40)).toBe(date + 1040);
  });

  it("is the local time where there is no Date", () => {
    expect(serverNow(Number.NaN, 1000, 2000)).toBe(2000);
  });
});
