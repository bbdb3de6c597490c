import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { endpoint, endpointsOf, roleOf, twoRoles, whoIs } from "../support/endpoints.ts";
import { askDoor } from "../support/lock.ts";
import { ShiftedClocks } from "../support/shifted-clock.ts";
import { createRole, createWorld, type World } from "../support/world.ts";

const hourMs = 3_600_000;
const roles = ["deploy", "ci"] as const;

async function sleepyWorld(): Promise<World & { readonly clocks: ShiftedClocks }> {
  const world = await createWorld({ sessionSeconds: 3600 });
  await createRole(world.sandbox, "Ci");
  world.configure(twoRoles + endpoint("container", "127.0.0.1:0", "deploy"));
  return { ...world, clocks: new ShiftedClocks(world) };
}

async function timed<T>(ask: () => Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> {
  const start = performance.now();
  const answer = await ask();
  return { answer, ms: performance.now() - start };
}

/** The credentials of a role, which AWS must accept as that role's. */
async function accepted(world: World, role: string): Promise<string> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = await world.client.credentials(role);
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  expect((await whoIs(world, credentials)).toLowerCase()).toContain(`:assumed-role/${role}/`);
  return AccessKeyId;
}

/** Looks on, without asking for the role. */
async function untilNewKey({ client }: World, role: string, old: readonly string[]): Promise<void> {
  for (const start = performance.now(); performance.now() - start < 20_000; await sleep(20)) {
    const key = (await client.status()).roles.find(({ name }) => name === role)?.accessKeyId;
    if (typeof key === "string" && !old.includes(key)) return;
  }
}

describe("R12: a machine that slept past the end of its sessions has fresh ones within 5 s of waking, and gives nobody an ended one", () => {
  it("for each role with one call to AWS", async () => {
    const world = await sleepyWorld();
    const agent = await world.clocks.startAgent();
    const before = await Promise.all(roles.map((role) => accepted(world, role)));
    await world.clocks.suspend(agent, 2 * hourMs);
    // The one that an endpoint serves is kept fresh although nobody asks.
    expect((await timed(() => untilNewKey(world, "deploy", before))).ms).toBeLessThan(5000);
    const after = await Promise.all(roles.map((role) => timed(() => accepted(world, role))));
    for (const { ms } of after) expect(ms).toBeLessThan(5000);
    for (const { answer } of after) expect(before).not.toContain(answer);
    await sleep(1500);
    expect(await Promise.all(roles.map((role) => accepted(world, role)))).toEqual(
      after.map(({ answer }) => answer),
    );
    expect(world.sandbox.calls.count("AssumeRole")).toBe(4);
    expect(world.sandbox.calls.count("AssumeRole", "ok")).toBe(4);
  });

  it("and says what is wrong where AWS can't be reached yet, for as long as it can't", async () => {
    const world = await sleepyWorld();
    const agent = await world.clocks.startAgent();
    await accepted(world, "deploy");
    const [door] = await endpointsOf(world, 1);
    if (door === undefined) throw new Error("there is no endpoint");
    const [host = "", port = ""] = door.address.split(":");
    const headers = { authorization: readFileSync(roleOf(door, "deploy").tokenFile, "utf8") };
    await world.clocks.suspend(agent, 2 * hourMs, () => world.sandbox.pause());
    const answers = await Promise.all([
      timed(() => askDoor({ host, port }, "/v1/credentials", { headers })),
      timed(() => world.client.credentials("deploy").catch((error: unknown) => error)),
    ]);
    for (const { ms } of answers) expect(ms).toBeLessThan(5000);
    const [{ answer: byDoor }, { answer: bySocket }] = answers;
    expect(byDoor).toMatchObject({ status: 503, body: expect.not.stringContaining("AccessKeyId") });
    expect(bySocket).toMatchObject({ code: "SourceUnavailable" });
    await world.sandbox.resume();
    const back = await timed(async () => {
      while ((await world.client.credentials("deploy").catch(() => undefined)) === undefined) await sleep(20);
      return accepted(world, "deploy");
    });
    expect(back.ms).toBeLessThan(5000);
  });

  it("also where it fell asleep while AWS was asked, and the connection leads nowhere since", async () => {
    const world = await sleepyWorld();
    const agent = await world.clocks.startAgent();
    await accepted(world, "deploy");
    world.sandbox.fault("AssumeRole", { kind: "hang" }, { times: 1 });
    const refreshed = world.client.refresh("deploy").catch((error: unknown) => error);
    while (world.sandbox.calls.count("AssumeRole") < 2) await sleep(10);
    await world.clocks.suspend(agent, 2 * hourMs);
    expect((await timed(() => accepted(world, "deploy"))).ms).toBeLessThan(5000);
    await refreshed;
    expect(world.sandbox.calls.count("AssumeRole")).toBe(3);
  });
});
