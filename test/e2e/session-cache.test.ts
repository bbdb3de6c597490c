import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { auditLines, auditLogPath } from "../support/audit-log.ts";
import { loopingClients, startInBackground } from "../support/handover.ts";
import { identity } from "../support/keys.ts";
import { passphrase } from "../support/lock.ts";
import { untilGone } from "../support/processes.ts";
import {
  cacheFiles,
  createCacheWorld,
  killedWithSession,
  untilLogged,
  untilSealed,
} from "../support/session-cache.ts";
import type { World } from "../support/world.ts";

function configOf({ home }: World): string {
  return readFileSync(join(home, ".config/role-agent/config.toml"), "utf8");
}

describe("the sessions of an agent that is killed", () => {
  it("are served by the next one while STS is down, and it is not asked", async () => {
    const world = await createCacheWorld();
    const id = await killedWithSession(world);
    world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
    const agent = await world.startAgent();
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(id);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
    expect(agent.log).toContain("session cache: going on with 1 of 1 sessions");
    const { roles, sessionCache } = await world.client.status();
    expect(roles).toContainEqual(
      expect.objectContaining({ name: "deploy", state: "fresh", accessKeyId: id }),
    );
    expect(sessionCache).toEqual({ path: cacheFiles(world)[0], lastError: null });
    await agent.end("SIGTERM");
    expect(auditLines(auditLogPath(world), "resumed")).toEqual([
      expect.objectContaining({ role: "deploy", accessKeyId: id, decision: "allow" }),
    ]);
  });

  it("fail no request of forty looping clients, three times, while STS is down", async () => {
    const world = await createCacheWorld();
    let agent = await world.startAgent();
    await untilSealed(world, () => world.client.credentials("deploy"));
    world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
    const tally = loopingClients("looping-client.js", world.env, world.socketPath, "40", "10");
    for (let round = 0; round < 3; round += 1) {
      await agent.end("SIGKILL");
      agent = await world.startAgent();
      await world.client.credentials("deploy");
      await sleep(200);
    }
    const { ok, failures } = await tally();
    expect(failures).toEqual([]);
    expect(ok).toBeGreaterThan(100);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("are served by the next one after a stop, and after a restart and a kill", async () => {
    const world = await createCacheWorld();
    const { pid } = await startInBackground(world);
    await untilSealed(world, () => world.client.credentials("deploy"));
    const { AccessKeyId: id } = await world.client.credentials("deploy");
    await world.run("stop");
    await untilGone([pid]);
    await world.run("start");
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(id);
    await untilSealed(world, () => world.client.restart());
    const successor = (await world.client.status()).pid;
    process.kill(successor, "SIGKILL");
    await untilGone([successor]);
    await world.run("start");
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(id);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("wait for their key over a restart, too", async () => {
    const world = await createCacheWorld();
    const id = await killedWithSession(world);
    world.setCredential("");
    world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
    await startInBackground(world);
    expect((await world.run("restart")).code).toBe(0);
    expect(cacheFiles(world)).toHaveLength(1);
    world.setCredential(identity);
    await world.client.reload();
    while ((await world.client.status()).roles.every(({ accessKeyId }) => accessKeyId !== id))
      await sleep(20);
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(id);
  });

  it("are gone where it was locked before", async () => {
    const world = await createCacheWorld();
    const agent = await world.startAgent();
    await untilSealed(world, () => world.client.credentials("deploy"));
    const { AccessKeyId: id } = await world.client.credentials("deploy");
    await world.client.lock(passphrase);
    expect(cacheFiles(world)).toEqual([]);
    await sleep(1200);
    expect(cacheFiles(world)).toEqual([]);
    await agent.end("SIGKILL");
    await world.startAgent();
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(id);
  });

  it("are those of roles that the configuration asks for in the same way", async () => {
    const world = await createCacheWorld();
    const other = configOf(world)
      .replace("[roles.keyed]", "[roles.other]")
      .replace(/source_key.*/, 'source_profile = "sandbox"');
    world.configure(`${configOf(world)}${other.slice(other.indexOf("[roles.other]"))}`);
    const agent = await world.startAgent();
    const ask = async (): Promise<readonly string[]> =>
      Promise.all(
        ["deploy", "other"].map(async (role) => (await world.client.credentials(role)).AccessKeyId),
      );
    await untilSealed(world, ask);
    const [deploy, kept] = await ask();
    await agent.end("SIGTERM");
    world.configure(configOf(world).replace("[roles.deploy]", "[roles.deploy]\nduration_seconds = 1800"));
    const next = await world.startAgent();
    await untilLogged(next, "session cache: going on with 1 of 2 sessions");
    const [changed, same] = await ask();
    expect(same).toBe(kept);
    expect(changed).not.toBe(deploy);
  });

  it("are taken up when the passphrase comes, and the agent serves all the while", async () => {
    const world = await createCacheWorld();
    const id = await killedWithSession(world);
    world.setCredential("");
    const agent = await world.startAgent();
    await untilLogged(agent, "session cache: not in use, serving goes on: the key file is locked");
    const { sessionCache, roles } = await world.client.status();
    expect(sessionCache?.lastError).toMatchObject({ code: "KeychainLocked" });
    expect(roles).toContainEqual(expect.objectContaining({ name: "deploy", state: "idle" }));
    expect((await world.run("status")).stdout).toContain("session cache: KeychainLocked at ");
    expect((await world.run("check")).stdout).toMatch(
      /^note +session cache +not in use: the key file is locked/m,
    );
    world.setCredential(identity);
    await world.client.reload();
    await untilLogged(agent, "session cache: going on with 1 of 1 sessions");
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(id);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("give way to newer ones", async () => {
    const world = await createCacheWorld();
    const id = await killedWithSession(world);
    world.setCredential("");
    const agent = await world.startAgent();
    await untilLogged(agent, "session cache: not in use");
    const { AccessKeyId: newer } = await world.client.credentials("deploy");
    expect(newer).not.toBe(id);
    world.setCredential(identity);
    await world.client.reload();
    await untilLogged(agent, "session cache: going on with 0 of 1 sessions");
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(newer);
  });
});

it("the key of the cache is none of the keys that role-agent lists", async () => {
  const world = await createCacheWorld();
  await killedWithSession(world);
  expect((await world.keys(["list"])).stdout).toBe("NAME  KEY\n");
});
