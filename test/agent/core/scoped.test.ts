import { RoleAgentError } from "@role-agent/provider/errors";
import { describe, expect, it } from "vitest";
import type { Role } from "../../../packages/agent/src/core/role.ts";
import { ScopedWorld, deployRole, deviceRole, readonlyRole } from "../../support/scoped-world.ts";

const minute = 60_000;
const hour = 60 * minute;
const outage = new RoleAgentError("SourceUnavailable", "AWS can't be reached");

describe("a role that narrows another", () => {
  it("is renewed when that one is, once each time, and is always valid", async () => {
    const world = new ScopedWorld([deployRole, readonlyRole]);
    expect(await world.askEveryMinute("readonly", 8 * 60)).toBe(0);
    expect(world.count("assume-role")).toBeGreaterThanOrEqual(15);
    expect(world.count("assume-role")).toBeLessThanOrEqual(18);
    expect(world.count("scoped")).toBe(world.count("assume-role"));
  });

  it("and is narrowed by a third stays in step with both", async () => {
    const third = { ...readonlyRole, name: "third", sourceRole: "readonly" };
    const world = new ScopedWorld([third, readonlyRole, deployRole]);
    expect(await world.askEveryMinute("third", 8 * 60)).toBe(0);
    expect(world.count("scoped")).toBe(2 * world.count("assume-role"));
  });

  it("for a shorter time is renewed at half of that", async () => {
    const world = new ScopedWorld([deployRole, { ...readonlyRole, durationSeconds: 900 }]);
    expect(await world.askEveryMinute("readonly", 8 * 60)).toBe(0);
    expect(world.count("scoped")).toBeGreaterThanOrEqual(8 * 7);
    expect(world.count("scoped")).toBeLessThanOrEqual(8 * 9);
  });

  it("keeps it renewed for its own clients, however soon roles are idle", async () => {
    const world = new ScopedWorld([deployRole, readonlyRole], { idleTimeoutMs: 2 * minute });
    expect(await world.askEveryMinute("readonly", 2 * 60)).toBe(0);
    expect(world.count("assume-role")).toBeGreaterThanOrEqual(4);
    await world.clock.advance(8 * hour);
    expect(world.count("assume-role")).toBeLessThanOrEqual(5);
  });

  it("is prefetched together with it", async () => {
    const options = { idleTimeoutMs: minute, prefetch: ["readonly"] };
    const world = new ScopedWorld([deployRole, readonlyRole], options);
    await world.clock.advance(8 * hour);
    expect(world.count("assume-role")).toBeGreaterThanOrEqual(15);
    expect(world.count("scoped")).toBeLessThanOrEqual(18);
  });

  it("asks AWS for nothing in vain while that one can't be renewed, to its very end", async () => {
    const world = new ScopedWorld([deployRole, readonlyRole]);
    await world.table.get("readonly")?.session();
    world.failures.set("assume-role", outage);
    expect(await world.askEveryMinute("readonly", 59)).toBe(0);
    await world.clock.advance(minute);
    await expect(world.table.get("readonly")?.session()).rejects.toMatchObject({ cause: outage });
    expect(world.count("scoped")).toBe(1);
    world.failures.clear();
    await world.clock.advance(5000);
    await expect(world.table.get("readonly")?.session()).resolves.toBeDefined();
  });
});

describe("a role that narrows a session behind a one-time code", () => {
  const narrowed = { ...readonlyRole, sourceRole: "alice" };

  async function withCode(role: Role): Promise<ScopedWorld> {
    const world = new ScopedWorld([deviceRole, role]);
    await expect(world.table.get("readonly")?.session()).rejects.toMatchObject({ code: "MfaRequired" });
    await world.table.mfaKeeperFor("readonly")?.refresh({ mfaCode: "111111" });
    return world;
  }

  it("is used to its end with it, and there again after the next code", async () => {
    const world = await withCode(narrowed);
    expect(await world.askEveryMinute("readonly", 12 * 60 - 1)).toBe(0);
    expect(world.count("scoped")).toBe(1);
    expect(await world.askEveryMinute("readonly", 60)).toBe(60);
    expect(world.count("scoped")).toBe(1);
    await world.table.mfaKeeperFor("readonly")?.refresh({ mfaCode: "222222" });
    expect(await world.askEveryMinute("readonly", 60)).toBe(0);
    expect(world.count("scoped")).toBe(2);
  });

  it("for a shorter time makes no storm near its end", async () => {
    const world = await withCode({ ...narrowed, durationSeconds: 900 });
    expect(await world.askEveryMinute("readonly", 11 * 60)).toBe(0);
    const before = world.count("scoped");
    expect(await world.askEveryMinute("readonly", 59)).toBe(0);
    expect(world.count("scoped") - before).toBeLessThanOrEqual(9);
  });
});

describe("where the endpoint can't narrow sessions", () => {
  async function fallBack(...roles: readonly Role[]): Promise<ScopedWorld> {
    const world = new ScopedWorld(roles);
    world.lackOperation();
    await world.table.get("readonly")?.session();
    return world;
  }

  it("the role is assumed anew with the policy, by its own source", async () => {
    const parent: Role = { ...deployRole, source: { type: "role", role: "base" }, externalId: "team-core" };
    const base: Role = { ...deployRole, name: "base" };
    const world = await fallBack(parent, base, { ...readonlyRole, durationSeconds: 1800 });
    expect(world.calls.at(-1)).toEqual({
      ...parent,
      name: "readonly",
      policy: readonlyRole.policy,
      durationSeconds: 1800,
    });
    expect(world.table.get("readonly")?.state.held?.session).toMatchObject({ scopedBy: "AssumeRole" });
  });

  it("it is renewed at half of its own life, and AWS is asked twice each time", async () => {
    const world = await fallBack(deployRole, readonlyRole);
    expect(await world.askEveryMinute("readonly", 8 * 60)).toBe(0);
    expect(world.count("scoped")).toBeLessThanOrEqual(19);
    expect(world.count("assume-role")).toBeLessThanOrEqual(2 * 19);
  });

  it.each<[string, Role, Partial<typeof readonlyRole>, string]>([
    [
      "a user's session",
      { type: "process", name: "deploy", definedIn: "test", command: "x", durationSeconds: 3600 },
      {},
      "only a role of AssumeRole",
    ],
    ["a role with a policy", { ...deployRole, policy: "{}" }, {}, "no second one"],
    [
      "a role with managed policies",
      { ...deployRole, policyArns: ["arn:aws:iam::aws:policy/A"] },
      {},
      "no second one",
    ],
    ["so short a time", deployRole, { durationSeconds: 899 }, "900 seconds at least"],
  ])("%s is not widened, but refused", async (_what, source, more, hint) => {
    const call = fallBack(source, { ...readonlyRole, ...more });
    await expect(call).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining("InvalidAction"),
      hint: expect.stringContaining(hint),
    });
  });
});
