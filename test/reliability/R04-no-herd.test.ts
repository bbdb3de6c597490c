import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { KeeperFleet, mostWithin } from "../support/keeper-fleet.ts";
import { createWorld, deployArn } from "../support/world.ts";

const second = 1000;
const hour = 3600 * second;

describe("R4: roles that were loaded together are not renewed together", () => {
  it("200 roles of an hour: the next cycle takes a tenth of it, at three calls a second at most", async () => {
    const fleet = new KeeperFleet({ roles: 200, lifetimeMs: hour });
    await fleet.load();
    fleet.tend();
    const calls = await fleet.callsDuring(0.66 * hour);
    expect(calls).toHaveLength(200);
    const [first, last] = [calls.at(0)?.at ?? 0, calls.at(-1)?.at ?? 0];
    expect(last - first).toBeGreaterThan(0.099 * hour);
    expect(mostWithin(calls, second)).toBeLessThanOrEqual(3);
    // A histogram of the tenth in ten parts: no part is twice what it would be in an even one.
    const parts = Array.from({ length: 10 }, (_each, part) => {
      const from = first + (part * (last - first)) / 10;
      return calls.filter(({ at }) => at >= from && at < from + (last - first) / 10).length;
    });
    expect(Math.max(...parts)).toBeLessThan(40);
  });

  it("1,000 roles of 15 minutes: as many more a second as they need, and none waits until it could run out", async () => {
    const lifetimeMs = 900 * second;
    const fleet = new KeeperFleet({ roles: 1000, lifetimeMs });
    await fleet.load();
    await fleet.clock.advance(0.44 * lifetimeMs);
    fleet.tend();
    const calls = await fleet.callsDuring(0.22 * lifetimeMs);
    expect(new Set(calls.map(({ role }) => role)).size).toBe(1000);
    expect(mostWithin(calls, second)).toBe(Math.ceil((6 * 1000) / 900));
    expect(calls.at(-1)?.at).toBeLessThan(0.65 * lifetimeMs);
  });

  it("200 roles of a minute, for ten minutes: no burst, and in the end none to be seen", async () => {
    const fleet = new KeeperFleet({ roles: 200, lifetimeMs: 60 * second });
    await fleet.load();
    fleet.tend();
    const calls = await fleet.callsDuring(600 * second);
    // Twice in the life of each session, and never above six times in the life of all.
    expect(calls.length / 600).toBeGreaterThan(6);
    expect(calls.length / 600).toBeLessThan(8);
    expect(mostWithin(calls, second)).toBeLessThanOrEqual(20);
    const late = calls.filter(({ at }) => at > 500 * second);
    expect(mostWithin(late, 5 * second)).toBeLessThan(2 * 5 * (late.length / 100));
  });

  it("a session that is older than it should be waits for no turn", async () => {
    const fleet = new KeeperFleet({ roles: 100, lifetimeMs: hour });
    await fleet.load();
    fleet.tend();
    fleet.clock.suspend(0.7 * hour);
    expect(await fleet.callsDuring(second)).toHaveLength(100);
  });

  it("a role that a client waits for waits for no turn", async () => {
    const fleet = new KeeperFleet({ roles: 100, lifetimeMs: hour });
    fleet.answer = () => Promise.reject(new Error("AWS can't be reached"));
    fleet.tend();
    await fleet.clock.advance(50 * second);
    await fleet.load().catch(() => undefined);
    fleet.answer = async (session) => session;
    const calls = await fleet.callsDuring(3 * second);
    expect(new Set(calls.map(({ role }) => role)).size).toBe(100);
  });

  it("in a real agent: 24 roles of ten seconds come apart", async () => {
    const world = await createWorld({ sessionSeconds: 10 });
    const names = Array.from({ length: 24 }, (_each, index) => `role-${index}`);
    const role = (name: string): string =>
      `[roles.${name}]\nrole_arn = "${deployArn}"\nsource_profile = "sandbox"\nexternal_id = "team-core"\n`;
    world.configure(names.map(role).join(""));
    await world.startAgent();
    await Promise.all(names.map(async (name) => world.client.credentials(name)));
    const { calls } = world.sandbox;
    const loaded = calls.entries.length;
    while (calls.entries.length < loaded + names.length) await sleep(20);
    const renewals = calls.entries.slice(loaded, loaded + names.length);
    // As few as six in a life for each: 14.4 a second, and one more where a message was late.
    expect(mostWithin(renewals, second)).toBeLessThanOrEqual(17);
    expect((renewals.at(-1)?.at ?? 0) - (renewals.at(0)?.at ?? 0)).toBeGreaterThan(second);
  });
});
