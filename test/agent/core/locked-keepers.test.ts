import { RoleAgentError } from "@role-agent/provider/errors";
import { beforeEach, describe, expect, it } from "vitest";
import { KeeperTable } from "../../../packages/agent/src/core/keeper-table.ts";
import { RenewalLoop } from "../../../packages/agent/src/core/renewal-loop.ts";
import type { Keeper } from "../../../packages/agent/src/core/keeper.ts";
import { ScopedSessions } from "../../../packages/agent/src/core/scoped-sessions.ts";
import type { Role } from "../../../packages/agent/src/core/role.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { FakeSource } from "../../support/fake-session.ts";
import { deployRole } from "../../support/scoped-world.ts";

const hour = 3_600_000;
const locked = { code: "Locked", hint: "role-agent unlock" };
const ciRole: Role = { ...deployRole, name: "ci" };

let clock: FakeClock;
let source: FakeSource;
let events: string[];
let table: KeeperTable;

function keeper(name = "deploy"): Keeper {
  const found = table.get(name);
  if (found === undefined) throw new Error(`no role ${name}`);
  return found;
}

function configure(roles: readonly Role[], prefetch: readonly string[] = []): void {
  const byName = new Map(roles.map((role) => [role.name, role]));
  table.apply({ roles: byName, prefetch, idleTimeoutMs: 12 * hour });
}

beforeEach(() => {
  clock = new FakeClock();
  source = new FakeSource(clock);
  events = [];
  table = new KeeperTable({
    clock,
    issue: source.issue,
    fileMark: () => "",
    onEvent: (type, { name }) => events.push(`${type} ${name}`),
  });
  configure([deployRole]);
  const loop = new RenewalLoop(table, clock);
  void loop.run();
  return () => loop.stop();
});

describe("locked keepers", () => {
  it("have dropped their sessions, tell so, and give nobody one", async () => {
    await keeper().session();
    table.lock();
    expect(events).toEqual(["issued deploy", "expired deploy"]);
    expect(keeper().state.held).toBeUndefined();
    expect(keeper().peek()).toBeUndefined();
    await expect(keeper().session()).rejects.toMatchObject(locked);
    await expect(keeper().refresh()).rejects.toMatchObject(locked);
    await expect(keeper().refresh({ mfaCode: "123456" })).rejects.toMatchObject(locked);
    expect(keeper().describe(clock.now()).state).toBe("idle");
  });

  it("ask AWS for nothing, however long", async () => {
    configure([deployRole], ["deploy"]);
    await clock.advance(hour);
    const { calls } = source;
    table.lock();
    await clock.advance(3 * hour);
    expect(source.calls).toBe(calls);
  });

  it("keep nothing of what was under way", async () => {
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => {
      open = resolve;
    });
    const waiting = expect(keeper().session()).rejects.toMatchObject(locked);
    await settle();
    table.lock();
    expect(keeper().describe(clock.now()).state).toBe("idle");
    open();
    await waiting;
    expect(keeper().state).toEqual({ renewAt: 0.5 });
    expect(events).toEqual([]);
  });

  it("tell of no failure of what was under way either", async () => {
    const failed = expect(keeper().session()).rejects.toMatchObject(locked);
    source.failure = new RoleAgentError("SourceUnavailable", "the issuer was ended");
    table.lock();
    await failed;
    expect(keeper().state.failure).toBeUndefined();
    expect(events).toEqual([]);
  });

  it("stay locked through a new configuration, with the roles that it brings", async () => {
    table.lock();
    configure([deployRole, ciRole], ["ci"]);
    await clock.advance(hour);
    await expect(keeper("ci").session()).rejects.toMatchObject(locked);
    expect(source.calls).toBe(0);
  });

  it("obtain by themselves what clients asked for before, once they are unlocked", async () => {
    configure([deployRole, ciRole]);
    await keeper().session();
    table.lock();
    await clock.advance(hour);
    table.unlock();
    await clock.advance(1000);
    expect(keeper().state.held).toBeDefined();
    expect(keeper("ci").state.held).toBeUndefined();
    expect(source.calls).toBe(2);
  });
});

describe("sessions that a client narrowed", () => {
  it("are given to nobody while the keepers are locked, kept or under way", async () => {
    const sessions = new ScopedSessions({
      clock,
      issue: (role, scope) => table.narrowed(role, scope),
      onAttempt: () => undefined,
    });
    const kept = await sessions.session(keeper(), { policy: "{}" });
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => {
      open = resolve;
    });
    const underWay = expect(sessions.session(keeper(), { policy: '{"Id":"b"}' })).rejects.toMatchObject(
      locked,
    );
    await settle();
    expect(source.calls).toBe(3);
    table.lock();
    sessions.forget();
    open();
    await underWay;
    await expect(sessions.session(keeper(), { policy: "{}" })).rejects.toMatchObject(locked);
    table.unlock();
    expect(await sessions.session(keeper(), { policy: "{}" })).not.toBe(kept);
  });
});
