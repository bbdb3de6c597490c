import { setTimeout as sleep } from "node:timers/promises";
import { boolean, constantFrom, oneof, sample, subarray, tuple, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import { endpoint } from "../support/endpoints.ts";
import { loopingClients } from "../support/handover.ts";
import { createRole, createWorld, deployConfig } from "../support/world.ts";

const reloads = 20;
const names = ["one", "two", "three", "four"] as const;

/** Another role than `deploy`, which each reload may change, add or leave out. */
function otherRole(name: string, seconds: number): string {
  return `[roles.${name}]\nrole_arn = "arn:aws:iam::444455556666:role/Other"\nsource_profile = "sandbox"\nexternal_id = "team-core"\nduration_seconds = ${seconds}\n`;
}

const others = uniqueArray(tuple(constantFrom(...names), constantFrom(900, 1800, 3600)), {
  selector: ([name]) => name,
}).map((roles) => roles.map(([name, seconds]) => otherRole(name, seconds)).join(""));
const doors = subarray([
  endpoint("container", "127.0.0.1:0", "deploy"),
  endpoint("imds", "127.0.0.1:0", "deploy"),
]);
const good = tuple(others, doors, boolean()).map(
  ([roles, endpoints, isPrefetched]) =>
    `[agent]\nprefetch = ${isPrefetched ? '["deploy"]' : "[]"}\n${deployConfig}${roles}${endpoints.join("")}`,
);
const broken = constantFrom(
  "[roles.deploy",
  "[roles.deploy]\nrole_arn = 1\n",
  `${deployConfig}no_such_key = 1\n`,
);

describe("R17: a reload costs no request, and no session of a role that it leaves as it was", () => {
  it("where the new configuration is broken: the old one stays in force, and it is logged once", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    const before = await world.client.credentials("deploy");
    world.configure("[roles.deploy]\nrole_arn = 1\n");
    agent.signal("SIGHUP");
    while (!agent.log.includes("not reloaded")) await sleep(10);
    expect(await world.client.credentials("deploy")).toEqual(before);
    await expect(world.client.credentials("other")).rejects.toMatchObject({ code: "RoleNotFound" });
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
    await sleep(100);
    const lines = agent.log.split("\n").filter((line) => line.includes("config.toml"));
    expect(lines).toEqual([expect.stringContaining("config.toml:2: roles.deploy.role_arn")]);
  });

  it("while AWS is asked: whoever waits for an unchanged role gets the answer of that very request", async () => {
    const world = await createWorld();
    await createRole(world.sandbox, "Other");
    await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "latency", ms: 1000 }, { times: 1 });
    const pending = world.client.credentials("deploy");
    while ((await world.client.status()).roles[0]?.state !== "renewing") await sleep(5);
    world.configure(deployConfig + otherRole("one", 900));
    await world.client.reload();
    expect((await world.client.credentials("one")).Version).toBe(1);
    const { AccessKeyId } = await pending;
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(AccessKeyId);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(2);
  });

  it(`at random, ${reloads} times, under load`, async () => {
    const seed = Date.now();
    const world = await createWorld();
    await createRole(world.sandbox, "Other");
    const agent = await world.startAgent();
    const { AccessKeyId } = await world.client.credentials("deploy");
    const tally = loopingClients("looping-client.js", world.env, world.socketPath, "15", "5");
    const configurations = sample(oneof({ arbitrary: good, weight: 3 }, broken), {
      numRuns: reloads,
      seed,
    });
    for (const text of configurations) {
      world.configure(text);
      await world.client.reload().catch((error: unknown) => {
        expect(error, `seed ${seed}`).toMatchObject({ code: "InvalidConfiguration" });
      });
      const { roles } = await world.client.status();
      // Also those that only some configurations have.
      for (const { name } of roles.filter((role) => names.some((each) => each === role.name)))
        expect((await world.client.credentials(name)).Version, `seed ${seed}`).toBe(1);
      expect((await world.client.credentials("deploy")).AccessKeyId, `seed ${seed}`).toBe(AccessKeyId);
    }
    const { ok, failures } = await tally();
    expect(failures, `seed ${seed}`).toEqual([]);
    expect(ok).toBeGreaterThan(100);
    expect((await world.client.status()).pid).toBe(agent.pid);
  });
});
