import { execFileSync, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentClient } from "@role-agent/provider";
import { describe, expect, it } from "vitest";
import { createKeysWorld, type KeysWorld } from "../support/keys.ts";
import { childrenOf } from "../support/processes.ts";
import { endProgram, startBus, startKeyring } from "./support/keychain.ts";

const password = "pw";

/** A world whose keys are in the keychain of a session bus of its own. */
async function keychainWorld(tables = ""): Promise<KeysWorld> {
  const world = await createKeysWorld(tables, { store: "keychain" });
  await startBus(world.env, world.home);
  return world;
}

/** The daemon of a keychain that has the key, and is locked as after a new login. */
async function lockedKeyring(world: KeysWorld): Promise<ChildProcess> {
  const unlocked = await startKeyring(world.env, password);
  await world.keys(["add", "alice"], { stdin: world.keyLines });
  await endProgram(unlocked);
  return startKeyring(world.env);
}

/** What an action takes, in milliseconds. */
async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** The longest that any of a stream of requests for another role takes until `work` is done. */
async function longestWaitDuring(client: AgentClient, work: Promise<unknown>): Promise<number> {
  const over = new AbortController();
  const done = work.finally(() => over.abort());
  const waits: number[] = [];
  while (!over.signal.aborted) {
    waits.push(await timed(() => client.credentials("deploy")));
    await sleep(5);
  }
  await done;
  return Math.max(...waits);
}

async function expectNoAnswer(request: Promise<unknown>): Promise<void> {
  await expect(request).rejects.toMatchObject({
    code: "KeychainUnavailable",
    message: 'key "alice": the OS keychain did not answer in 2 s',
  });
}

/** The most processes that an agent's issuer has at any time. */
async function mostKeychainProcesses(agentPid: number, durationMs: number): Promise<number> {
  const end = performance.now() + durationMs;
  let most = 0;
  while (performance.now() < end) {
    for (const issuer of childrenOf(agentPid)) most = Math.max(most, childrenOf(issuer).length);
    await sleep(20);
  }
  return most;
}

describe("gnome-keyring", () => {
  it("keeps keys that secret-tool finds, and that a role is assumed with", async () => {
    const world = await keychainWorld();
    await startKeyring(world.env, password);
    expect(await world.keys(["add", "alice"], { stdin: world.keyLines })).toMatchObject({
      stderr: "",
      code: 0,
    });
    const lookup = "lookup service role-agent username alice".split(" ");
    const entry = execFileSync("secret-tool", lookup, { env: world.env, encoding: "utf8" });
    expect(JSON.parse(entry)).toEqual({
      accessKeyId: world.keyLines.split("\n")[0],
      secretAccessKey: world.secret,
    });

    const agent = await world.startAgent();
    await world.client.credentials("keyed");
    expect((await world.keys(["list"])).stdout).toMatch(/^alice +AKIA/m);
    expect((await world.keys(["remove", "alice"])).stdout).toBe("alice: removed\n");
    expect((await world.keys(["list"])).stdout).toBe("NAME  KEY\n");
    await expect(world.client.refresh("keyed")).rejects.toMatchObject({ hint: "role-agent keys add alice" });
    expect(agent.log).not.toContain(world.secret);
  });

  it("that hangs delays nobody, and works again as soon as it goes on", async () => {
    const keyed = ["keyed", ...Array.from({ length: 9 }, (_, index) => `keyed${index}`)];
    const tables = keyed.slice(1).map((role) => `[roles.${role}]\nsource_key = "alice"\n`);
    const world = await keychainWorld(tables.join(""));
    const keyring = await startKeyring(world.env, password);
    await world.keys(["add", "alice"], { stdin: world.keyLines });
    const agent = await world.startAgent();
    await world.client.credentials("deploy");
    keyring.kill("SIGSTOP");

    const longestWaits: number[] = [];
    for (const ask of ["credentials", "refresh", "refresh"] as const) {
      const refusals = timed(() => Promise.all(keyed.map((role) => expectNoAnswer(world.client[ask](role)))));
      longestWaits.push(await longestWaitDuring(world.client, refusals));
      expect(await refusals).toBeLessThan(3000);
    }
    // A busy machine may delay a request now and then; the keychain would each time.
    expect(Math.min(...longestWaits)).toBeLessThan(50);
    expect(await mostKeychainProcesses(agent.pid, 3000)).toBe(1);
    expect(await timed(() => world.client.refresh("deploy"))).toBeLessThan(2000);
    expect((await world.keys(["list"])).stderr).toContain("the OS keychain did not answer in 2 s");

    keyring.kill("SIGCONT");
    const recovered = await timed(async () => {
      while ((await world.client.credentials("keyed").catch(() => undefined)) === undefined) await sleep(50);
    });
    expect(recovered).toBeLessThan(5000);
  });

  it("that is locked is no empty one, and works as soon as it is unlocked", async () => {
    const world = await keychainWorld();
    const daemon = await lockedKeyring(world);
    const locked = "the OS keychain is locked, and there is no desktop to ask";
    expect(await world.keys(["list"])).toMatchObject({ code: 1, stderr: expect.stringContaining(locked) });
    await world.startAgent();
    await expect(world.client.credentials("keyed")).rejects.toMatchObject({
      code: "KeychainLocked",
      message: `key "alice": ${locked}`,
      hint: expect.stringContaining('key_store = "file"'),
    });
    await world.client.credentials("deploy");

    await endProgram(daemon);
    await startKeyring(world.env, password);
    const recovered = await timed(async () => {
      while ((await world.client.credentials("keyed").catch(() => undefined)) === undefined) await sleep(50);
    });
    expect(recovered).toBeLessThan(5000);
  });

  it("whose prompt a person dismisses is asked again only after they reload", async () => {
    const world = await keychainWorld();
    const daemon = await lockedKeyring(world);
    world.env["DISPLAY"] = ":99";
    await world.startAgent();
    const dismissed = {
      code: "KeychainLocked",
      message: 'key "alice": the unlock prompt was dismissed',
      hint: "unlock it: role-agent keys list && role-agent reload",
    };
    await expect(world.client.credentials("keyed")).rejects.toMatchObject(dismissed);
    const { roles } = await world.client.status();
    expect(roles).toContainEqual(
      expect.objectContaining({ name: "keyed", state: "needs-person", nextRenewal: null }),
    );
    await endProgram(daemon);
    await startKeyring(world.env, password);
    await expect(world.client.credentials("keyed")).rejects.toMatchObject(dismissed);
    await world.client.reload();
    await world.client.credentials("keyed");
  });

  it.each([
    ["without a session bus", false, "the OS keychain is not available: there is no D-Bus session"],
    ["that nobody has started", true, "no Secret Service, such as gnome-keyring or KWallet, is installed"],
  ])("%s is an error, and no other store", async (_, hasBus, message) => {
    const world = await createKeysWorld("", { store: "keychain" });
    if (hasBus) await startBus(world.env, world.home);
    for (const args of [["add", "alice"], ["list"], ["remove", "alice"]]) {
      const { code, stderr } = await world.keys(args, { stdin: world.keyLines });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
      expect(stderr).toContain('key_store = "file" in [agent]');
    }
    await world.startAgent();
    await expect(world.client.credentials("keyed")).rejects.toMatchObject({ code: "KeychainUnavailable" });
  });
});
