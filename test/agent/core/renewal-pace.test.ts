import { describe, expect, it } from "vitest";
import { callAccount } from "../../../packages/agent/src/core/call-account.ts";
import { gapMs, RenewalPace } from "../../../packages/agent/src/core/renewal-pace.ts";
import type { AssumeRole, Role } from "../../../packages/agent/src/core/role.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const hourMs = 3_600_000;

describe("the pace of renewals", () => {
  it("is three a second, and six in a life for each session where that is more", () => {
    expect(gapMs([])).toBeCloseTo(1000 / 3);
    expect(gapMs(Array<number>(1800).fill(hourMs))).toBeCloseTo(1000 / 3);
    expect(gapMs(Array<number>(3600).fill(hourMs))).toBeCloseTo(1000 / 6);
    expect(gapMs([...Array<number>(200).fill(60_000), hourMs])).toBeCloseTo(50, 1);
  });

  it("says when the next turn is, and gives each account its own turns", () => {
    const clock = new FakeClock();
    const pace = new RenewalPace({ lifetimes: () => [hourMs] });
    expect(pace.turn("111122223333", clock.now())).toBe(0);
    expect(pace.turn("111122223333", clock.now())).toBeCloseTo(1000 / 3);
    expect(pace.turn("444455556666", clock.now())).toBe(0);
  });

  it.each([-hourMs, hourMs])("goes on when the clock is set by %d ms", async (jump) => {
    const clock = new FakeClock();
    const pace = new RenewalPace({ lifetimes: () => [hourMs] });
    pace.turn("", clock.now());
    clock.setWallBy(jump);
    await clock.advance(334);
    expect(pace.turn("", clock.now())).toBe(0);
  });
});

describe("the account that a call counts for", () => {
  const base: AssumeRole = {
    type: "assume-role",
    name: "hub",
    definedIn: "test",
    roleArn: "arn:aws:iam::111122223333:role/Hub",
    source: { type: "profile", profile: "base" },
    roleSessionName: "test",
    durationSeconds: 3600,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
  };
  const spoke: AssumeRole = {
    ...base,
    name: "spoke",
    roleArn: "arn:aws:iam::444455556666:role/Spoke",
    source: { type: "role", role: "hub" },
  };
  const narrow: Role = {
    type: "scoped",
    name: "narrow",
    definedIn: "test",
    sourceRole: "spoke",
    policy: "{}",
  };
  const leaf: AssumeRole = { ...spoke, name: "leaf", source: { type: "role", role: "narrow" } };
  const ci: Role = {
    ...spoke,
    type: "web-identity",
    name: "ci",
    token: { type: "file", path: "/token" },
  };
  const roles = new Map<string, Role>([base, spoke, narrow, leaf, ci].map((role) => [role.name, role]));

  it.each([
    [base, ""],
    [spoke, "111122223333"],
    [narrow, "444455556666"],
    [leaf, "444455556666"],
    [ci, "444455556666"],
  ])("is that of who signs, or the role's own where nobody does", (role, account) => {
    expect(callAccount(role, roles)).toBe(account);
  });
});
