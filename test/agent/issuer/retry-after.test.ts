import { describe, expect, it } from "vitest";
import { retryAfterSeconds } from "../../../packages/agent/src/issuer/child/retry-after.ts";

describe("Retry-After", () => {
  it.each([
    ["7", 7],
    ["0", 0],
    [undefined, undefined],
    ["", undefined],
    ["-1", undefined],
    ["Wed, 21 Oct 2015 07:28:00 GMT", undefined],
    [["7", "8"], undefined],
  ])("of %j is %j seconds", (header, seconds) => {
    expect(retryAfterSeconds(header)).toBe(seconds);
  });
});
