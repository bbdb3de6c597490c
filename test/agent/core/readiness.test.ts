import { RoleAgentError } from "@role-agent/provider/errors";
import { describe, expect, it } from "vitest";
import type { Instant } from "../../../packages/agent/src/core/clock.ts";
import { shortfall } from "../../../packages/agent/src/core/readiness.ts";
import {
  afterFailure,
  afterSuccess,
  initialState,
  type RefreshState,
} from "../../../packages/agent/src/core/refresh-policy.ts";
import { fakeSession } from "../../support/fake-session.ts";

const start: Instant = { wall: Date.parse("2026-11-24T12:00:00Z"), mono: 0 };
const minute = 60_000;

function after(minutes: number): Instant {
  return { wall: start.wall + minutes * minute, mono: start.mono + minutes * minute };
}

function held(minutes: number): RefreshState {
  return afterSuccess(fakeSession(1, start.wall, minutes * minute), start, 0.5);
}

function failed(
  state: RefreshState,
  code: "SourceUnavailable" | "MfaRequired" | "AccessDenied",
): RefreshState {
  return afterFailure(state, new RoleAgentError(code, "arn:aws:iam::123456789012:role/Deploy"), start, 0.5);
}

describe("a role can be relied on", () => {
  it.each([
    ["an hour's session, new", held(60), 0],
    ["an hour's session with a quarter left", held(60), 45],
    ["an hour's session whose renewal fails, with a quarter left", failed(held(60), "SourceUnavailable"), 45],
    ["a quarter-hour's session with a quarter left", held(15), 11.25],
    ["a twelve-hour session with a quarter of an hour left", failed(held(720), "AccessDenied"), 705],
    ["a minute's session with a quarter left", held(1), 0.75],
  ])("%s", (_what, state, minutes) => {
    expect(shortfall(state, after(minutes))).toBeUndefined();
  });
});

describe("a role can't be relied on", () => {
  const ending = "its session ends soon, and";
  it.each([
    ["before its first session", initialState, 0, "its first session is not there yet", null, 0],
    [
      "an hour's session with less than a quarter left",
      held(60),
      46,
      `${ending} has no successor yet`,
      null,
      840,
    ],
    [
      "while renewals fail, with less than a quarter left",
      failed(held(60), "SourceUnavailable"),
      46,
      `${ending} renewals fail`,
      "SourceUnavailable",
      840,
    ],
    [
      "while a person must act, with less than a quarter left",
      failed(held(60), "MfaRequired"),
      46,
      `${ending} a person must act for the next one`,
      "MfaRequired",
      840,
    ],
    [
      "a twelve-hour session with less than a quarter of an hour left",
      failed(held(720), "AccessDenied"),
      706,
      `${ending} renewals fail`,
      "AccessDenied",
      840,
    ],
    [
      "when its session has ended",
      failed(held(60), "SourceUnavailable"),
      60,
      "it has no session, and attempts to get one fail",
      "SourceUnavailable",
      0,
    ],
    [
      "before a person has signed in",
      failed(initialState, "MfaRequired"),
      0,
      "it has no session before a person acts",
      "MfaRequired",
      0,
    ],
  ])("%s", (_what, state, minutes, reason, code, remainingSeconds) => {
    expect(shortfall(state, after(minutes))).toEqual({ reason, code, remainingSeconds });
  });

  it("when the machine slept through its session", () => {
    const now: Instant = { wall: start.wall + 50 * minute, mono: start.mono + minute };
    expect(shortfall(held(60), now)).toMatchObject({ remainingSeconds: 600 });
  });
});
