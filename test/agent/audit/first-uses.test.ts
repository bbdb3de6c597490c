import { describe, expect, it } from "vitest";
import { FirstUses } from "../../../packages/agent/src/audit/first-uses.ts";
import { RefusalLimit } from "../../../packages/agent/src/audit/refusal-limit.ts";
import { FakeClock } from "../../support/fake-clock.ts";

describe("the first use of a session", () => {
  it("is told once for each client, door and session", () => {
    const uses = new FirstUses();
    const [session, next] = [{}, {}];
    expect(uses.isFirst(session, "agent", "1")).toBe(true);
    expect(uses.isFirst(session, "agent", "1")).toBe(false);
    expect(uses.isFirst(session, "agent", "2")).toBe(true);
    expect(uses.isFirst(session, "imds", "1")).toBe(true);
    expect(uses.isFirst(next, "agent", "1")).toBe(true);
    expect(uses.isFirst(session, "agent", "1")).toBe(false);
  });

  it("takes bounded memory: of more than a thousand clients, the oldest is forgotten", () => {
    const uses = new FirstUses();
    const session = {};
    for (let client = 0; client <= 1000; client += 1) uses.isFirst(session, "agent", String(client));
    expect(uses.isFirst(session, "agent", "1")).toBe(false);
    expect(uses.isFirst(session, "agent", "1000")).toBe(false);
    expect(uses.isFirst(session, "agent", "0")).toBe(true);
  });
});

describe("refusals", () => {
  it("are told ten times a minute at each door, then their number", async () => {
    const clock = new FakeClock();
    const limit = new RefusalLimit();
    const told = Array.from({ length: 25 }, () => limit.next("agent", clock.now())).filter(
      ({ isTold }) => isTold,
    );
    expect(told).toHaveLength(10);
    expect(limit.next("imds", clock.now())).toEqual({ isTold: true, before: 0 });
    await clock.advance(60_000);
    expect(limit.next("agent", clock.now())).toEqual({ isTold: true, before: 15 });
    expect(limit.next("agent", clock.now())).toEqual({ isTold: true, before: 0 });
  });
});
