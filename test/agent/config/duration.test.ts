import { expect, it } from "vitest";
import { durationMs, durationPattern, durationText } from "../../../packages/agent/src/config/duration.ts";

it.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["4h", 14_400_000],
  ["2d", 172_800_000],
])("%s is %i ms, and is written so again", (text, ms) => {
  expect(text).toMatch(durationPattern);
  expect(durationMs(text)).toBe(ms);
  expect(durationText(ms / 1000)).toBe(text);
});

it.each(["", "0s", "1", "h", "1.5h", "-1h", "1 h", "1w", "1h30m", "9999999s"])(
  "%j is no duration",
  (text) => {
    expect(text).not.toMatch(durationPattern);
  },
);
