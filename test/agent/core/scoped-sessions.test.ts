import { RoleAgentError } from "@role-agent/provider/errors";
import { describe, expect, it } from "vitest";
import type { Keeper } from "../../../packages/agent/src/core/keeper.ts";
import { ScopedSessions } from "../../../packages/agent/src/core/scoped-sessions.ts";
import { ScopedWorld, deployRole, deviceRole } from "../../support/scoped-world.ts";

const minute = 60_000;
const scope = { policy: "{}" };

function keeperOf(world: ScopedWorld, name = "deploy"): Keeper {
  const keeper = world.table.get(name);
  if (keeper === undefined) throw new Error(`no role ${name}`);
  return keeper;
}

function setUp(world = new ScopedWorld([deployRole])): { world: ScopedWorld; sessions: ScopedSessions } {
  const sessions = new ScopedSessions({
    clock: world.clock,
    issue: (role, narrowing) => world.table.narrowed(role, narrowing),
    onAttempt: () => undefined,
  });
  return { world, sessions };
}

describe("sessions that clients narrow for themselves", () => {
  it("are one for fifty equal requests at once, and others for other policies and times", async () => {
    const { world, sessions } = setUp();
    const equal = Array.from({ length: 50 }, () => sessions.session(keeperOf(world), scope));
    expect(new Set(await Promise.all(equal)).size).toBe(1);
    expect(world.count("scoped")).toBe(1);
    await sessions.session(keeperOf(world), { policy: '{"Statement":[]}' });
    await sessions.session(keeperOf(world), { ...scope, durationSeconds: 900 });
    expect(world.count("scoped")).toBe(3);
  });

  it("are handed out again while half of their life is left", async () => {
    const { world, sessions } = setUp();
    const short = { ...scope, durationSeconds: 600 };
    const first = await sessions.session(keeperOf(world), short);
    await world.clock.advance(5 * minute - 1);
    expect(await sessions.session(keeperOf(world), short)).toBe(first);
    await world.clock.advance(1);
    expect(await sessions.session(keeperOf(world), short)).not.toBe(first);
  });

  it("make no storm for a client in a loop, also where the role's own session is used to its end", async () => {
    const { world, sessions } = setUp(new ScopedWorld([deviceRole]));
    await world.table.mfaKeeperFor("alice")?.refresh({ mfaCode: "111111" });
    for (let passed = 0; passed < 12 * 60 - 1; passed += 1) {
      const { session } = await sessions.session(keeperOf(world, "alice"), scope);
      expect(session.expiresAt).toBeGreaterThan(world.clock.now().wall);
      await world.clock.advance(minute);
    }
    expect(world.count("scoped")).toBe(1);
    await world.clock.advance(minute);
    const late = sessions.session(keeperOf(world, "alice"), scope);
    await expect(late).rejects.toMatchObject({ code: "MfaRequired" });
  });

  it("follow the role's renewals at half of their life, eight hours long", async () => {
    const { world, sessions } = setUp();
    for (let passed = 0; passed < 8 * 60; passed += 1) {
      await sessions.session(keeperOf(world), scope);
      await world.clock.advance(minute);
    }
    expect(world.count("scoped")).toBeLessThanOrEqual(8 * 3);
  });

  it("are refused for five seconds with the same answer", async () => {
    const { world, sessions } = setUp();
    const malformed = new RoleAgentError("InvalidConfiguration", "malformed");
    world.failures.set("scoped", malformed);
    const ask = (): Promise<unknown> => sessions.session(keeperOf(world), scope);
    await expect(ask()).rejects.toBe(malformed);
    await world.clock.advance(4999);
    await expect(ask()).rejects.toBe(malformed);
    expect(world.count("scoped")).toBe(1);
    world.failures.clear();
    await world.clock.advance(1);
    await expect(ask()).resolves.toBeDefined();
  });

  it("are there at once when what kept the role itself from a session is gone", async () => {
    const { world, sessions } = setUp(new ScopedWorld([deviceRole]));
    const ask = (): Promise<unknown> => sessions.session(keeperOf(world, "alice"), scope);
    await expect(ask()).rejects.toMatchObject({ code: "MfaRequired" });
    await world.table.mfaKeeperFor("alice")?.refresh({ mfaCode: "111111" });
    await expect(ask()).resolves.toBeDefined();
  });

  it("start anew when the role was changed", async () => {
    const { world, sessions } = setUp();
    const first = await sessions.session(keeperOf(world), scope);
    const changed = new Map([["deploy", { ...deployRole, externalId: "other" }]]);
    world.table.apply({ roles: changed, prefetch: [], idleTimeoutMs: 60 * minute });
    expect(await sessions.session(keeperOf(world), scope)).not.toBe(first);
  });

  it("are kept for the hundred newest requests only", async () => {
    const { world, sessions } = setUp();
    const ask = async (index: number): Promise<void> => {
      await sessions.session(keeperOf(world), { policy: `{"Id":"${index}"}` });
    };
    for (let index = 0; index <= 100; index += 1) await ask(index);
    await ask(100);
    expect(world.count("scoped")).toBe(101);
    await ask(0);
    expect(world.count("scoped")).toBe(102);
  });
});
