import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError } from "@role-agent/provider/errors";
import { describe, expect, it } from "vitest";
import { KeeperFleet, type FleetCall } from "../support/keeper-fleet.ts";
import { createWorld, deployConfig } from "../support/world.ts";

const second = 1000;
const minute = 60 * second;

function outage(retryAfterSeconds?: number): RoleAgentError {
  return new RoleAgentError("SourceUnavailable", "AWS can't be reached", { retryAfterSeconds });
}

/** One role of an hour that AWS gives no session of, where it fails from the start. */
function oneRole(failure?: RoleAgentError): KeeperFleet {
  const fleet = new KeeperFleet({ roles: 1, lifetimeMs: 60 * minute });
  if (failure !== undefined) fleet.answer = () => Promise.reject(failure);
  return fleet;
}

function gapsOf(calls: readonly FleetCall[]): readonly number[] {
  return calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
}

/** Asks four times a second for so long. */
async function askDuring(fleet: KeeperFleet, ms: number): Promise<readonly FleetCall[]> {
  const before = fleet.calls.length;
  for (let passed = 0; passed < ms; passed += 250) {
    await fleet.load().catch(() => undefined);
    await fleet.clock.advance(250);
  }
  return fleet.calls.slice(before);
}

describe("R5: a role whose renewal fails is tried ever more rarely, when AWS says, and not at all after a refusal", () => {
  it.each([0, 0.5, 0.999])(
    "25 times in ten minutes at most while its session is valid, however many ask (random number %d)",
    async (random) => {
      const fleet = oneRole();
      fleet.tend();
      await fleet.load();
      await fleet.clock.advance(33.1 * minute);
      fleet.clock.random = () => random;
      fleet.answer = () => Promise.reject(outage());
      await fleet.keepers[0]?.refresh().catch(() => undefined);
      const tries = (await askDuring(fleet, 10 * minute)).length;
      expect(tries).toBeGreaterThan(12);
      expect(tries).toBeLessThanOrEqual(25);
    },
  );

  it.each([undefined, 0, 1])(
    "25 times in ten minutes at most where it has no session and nobody waits (Retry-After: %s)",
    async (retryAfter) => {
      const fleet = oneRole(outage(retryAfter));
      fleet.clock.random = () => 0;
      fleet.tend();
      // The first is no retry.
      const retries = (await fleet.callsDuring(10 * minute)).length;
      expect(retries).toBeGreaterThan(12);
      expect(retries).toBeLessThanOrEqual(25);
    },
  );

  it.each([0, 0.999])(
    "every 1.5 to 3 seconds where it has no session and a client waits all the time (random number %d)",
    async (random) => {
      const fleet = oneRole(outage());
      fleet.clock.random = () => random;
      fleet.tend();
      const calls = await askDuring(fleet, 10 * minute);
      const gaps = gapsOf(calls);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(3000);
      expect(Math.min(...gaps.slice(3))).toBeGreaterThanOrEqual(1500);
      expect(calls.length).toBeGreaterThan(199);
      expect(calls.length).toBeLessThanOrEqual(403);
    },
  );

  it.each([0, 0.999])(
    "not before the Retry-After of AWS is over, and soon after (random number %d)",
    async (random) => {
      const fleet = oneRole(outage(30));
      fleet.clock.random = () => random;
      fleet.tend();
      const calls = await askDuring(fleet, 3 * minute);
      const gaps = gapsOf(calls);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30 * second);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(45 * second + 1);
    },
  );

  it("once in five minutes after a refusal, however many ask", async () => {
    const fleet = oneRole(new RoleAgentError("AccessDenied", "not authorized"));
    fleet.tend();
    await askDuring(fleet, 5 * minute - second);
    expect(fleet.calls).toHaveLength(1);
    expect(await askDuring(fleet, 2 * second)).toHaveLength(1);
  });

  it("in a real agent: Retry-After is waited for, whoever asks meanwhile", async () => {
    const world = await createWorld();
    await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "throttle", retryAfterSeconds: 2 }, { times: 1 });
    while ((await world.client.credentials("deploy").catch(() => undefined)) === undefined) await sleep(20);
    const [first, next] = world.sandbox.calls.entries.filter(({ action }) => action === "AssumeRole");
    expect((next?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2 * second);
  });

  it.each([
    ["AccessDenied", "AccessDenied"],
    ["ExpiredToken", "InvalidConfiguration"],
    ["MalformedPolicyDocument", "InvalidConfiguration"],
    ["InvalidClientTokenId", "InvalidConfiguration"],
  ])("in a real agent: %s is not asked for again before reload or refresh", async (code, ours) => {
    const world = await createWorld();
    await world.startAgent();
    const { calls } = world.sandbox;
    const refuseOnce = (): unknown =>
      world.sandbox.fault("AssumeRole", { kind: "status", status: 403, code }, { times: 1 });
    refuseOnce();
    for (let asked = 0; asked < 5; asked += 1) {
      await expect(world.client.credentials("deploy")).rejects.toMatchObject({
        code: ours,
        message: expect.stringContaining(code),
      });
    }
    expect(calls.count("AssumeRole")).toBe(1);
    refuseOnce();
    await world.client.reload();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: ours });
    expect(calls.count("AssumeRole")).toBe(2);
    await world.client.refresh("deploy");
    await world.client.credentials("deploy");
    expect(calls.count("AssumeRole")).toBe(3);
  });

  it("in a real agent: what a trust policy refuses is told with AWS's reason", async () => {
    const world = await createWorld();
    world.configure(deployConfig.replace("team-core", "wrong"));
    await world.startAgent();
    for (let asked = 0; asked < 5; asked += 1) {
      await expect(world.client.credentials("deploy")).rejects.toMatchObject({
        code: "AccessDenied",
        message: expect.stringContaining("sts:ExternalId"),
      });
    }
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });
});
