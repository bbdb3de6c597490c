import { setTimeout as sleep } from "node:timers/promises";
import { fromRoleAgent } from "@role-agent/provider";
import { describe, expect, it } from "vitest";
import { createRole, createWorld, deployArn, type World } from "../support/world.ts";

/** So many clients ask at once, each as a program of its own; answers how each fared: its keys, or the error. */
async function askTogether(world: World, clients: number, role = "deploy"): Promise<Set<string>> {
  const asked = Array.from({ length: clients }, async (_each, index) => {
    // A time-out that no other provider has gives this one a copy of its own.
    const provider = fromRoleAgent({ role, socketPath: world.socketPath, timeoutMs: 15_000 + index });
    return provider().then(({ accessKeyId }) => accessKeyId, String);
  });
  return new Set(await Promise.all(asked));
}

const oneKey = [expect.stringMatching(/^ASIA\w+$/)];

describe("R3: however many clients ask for a role at once, AWS is asked once", () => {
  it("by a thousand that find no session there", async () => {
    const world = await createWorld();
    await world.startAgent();
    expect([...(await askTogether(world, 1000))]).toEqual(oneKey);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("by a thousand that come during a renewal, and are given what is held", async () => {
    const world = await createWorld();
    await world.startAgent();
    const { AccessKeyId } = await world.client.credentials("deploy");
    world.sandbox.fault("AssumeRole", { kind: "hang" });
    void world.client.refresh("deploy").catch(() => undefined);
    while (world.sandbox.calls.count("AssumeRole") < 2) await sleep(20);
    expect([...(await askTogether(world, 1000))]).toEqual([AccessKeyId]);
    // As many tries as one client would see, if the machine is so slow that the first is given up meanwhile.
    expect(world.sandbox.calls.count("AssumeRole")).toBeLessThanOrEqual(4);
  });

  it("by ten times a hundred that ask for ten roles: ten calls", async () => {
    const world = await createWorld();
    const names = Array.from({ length: 10 }, (_each, index) => `Role${index}`);
    await Promise.all(names.map(async (name) => createRole(world.sandbox, name)));
    const table = (name: string): string =>
      `[roles.${name}]\nrole_arn = "${deployArn.replace("Deploy", name)}"\nsource_profile = "sandbox"\nexternal_id = "team-core"\n`;
    world.configure(names.map(table).join(""));
    await world.startAgent();
    const keys = await Promise.all(names.map(async (name) => askTogether(world, 100, name)));
    expect(keys.map((each) => Array.from(each))).toEqual(names.map(() => oneKey));
    expect(world.sandbox.calls.count("AssumeRole")).toBe(10);
  });

  it("by a thousand while the call fails, and all are given the same error", async () => {
    const world = await createWorld();
    await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
    const errors = [...(await askTogether(world, 1000))];
    expect(errors[0]).toContain("ServiceUnavailable");
    // On a slow machine the next try may be over before all have asked.
    const tries = world.sandbox.calls.count("AssumeRole");
    expect(tries).toBeLessThanOrEqual(5);
    if (tries === 1) expect(errors).toHaveLength(1);
  });
});
