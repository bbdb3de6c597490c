import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { passphrase } from "../support/lock.ts";
import type { KeysWorld } from "../support/keys.ts";
import {
  cacheFiles,
  createCacheWorld,
  killedWithSession,
  untilLogged,
  untilSealed,
} from "../support/session-cache.ts";
import { endProgram, startBus, startKeyring } from "./support/keychain.ts";

const password = "pw";

/** A world whose caches have their key in the keychain of a session bus of its own. */
async function keychainWorld(): Promise<KeysWorld> {
  const world = await createCacheWorld({ store: "keychain" });
  await startBus(world.env, world.home);
  return world;
}

/** How many entries of a keychain are keys of session caches. */
function cacheKeys({ env }: KeysWorld): number {
  const search = execFileSync("secret-tool", ["search", "--all", "service", "role-agent"], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return search.split(/^label = .*session cache/m).length - 1;
}

it("the key of a session cache is in gnome-keyring, until the agent is locked", async () => {
  const world = await keychainWorld();
  await startKeyring(world.env, password);
  const id = await killedWithSession(world);
  world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
  await world.startAgent();
  expect((await world.client.credentials("deploy")).AccessKeyId).toBe(id);
  expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  expect((await world.keys(["list"])).stdout).toBe("NAME  KEY\n");
  expect(cacheKeys(world)).toBe(1);
  await world.client.lock(passphrase);
  expect(cacheFiles(world)).toEqual([]);
  while (cacheKeys(world) > 0) await sleep(20);
});

it("a keychain that is locked keeps nobody from the agent, and gives the sessions back once it is unlocked", async () => {
  const world = await keychainWorld();
  const unlocked = await startKeyring(world.env, password);
  const id = await killedWithSession(world);
  await endProgram(unlocked);
  const locked = await startKeyring(world.env);
  const agent = await world.startAgent();
  await untilLogged(agent, "session cache: not in use, serving goes on: the OS keychain is locked");
  const { sessionCache, roles } = await world.client.status();
  expect(sessionCache?.lastError).toMatchObject({ code: "KeychainLocked" });
  expect(roles).toContainEqual(expect.objectContaining({ name: "deploy", state: "idle" }));
  await endProgram(locked);
  await startKeyring(world.env, password);
  // By itself, without a reload: where there is no desktop, asking shows nobody a prompt.
  await untilLogged(agent, "session cache: going on with 1 of 1 sessions");
  expect((await world.client.credentials("deploy")).AccessKeyId).toBe(id);
});

it("a keychain that hangs holds up a role for three seconds, once, and the agent not at all", async () => {
  const world = await keychainWorld();
  const keyring = await startKeyring(world.env, password);
  const id = await killedWithSession(world);
  keyring.kill("SIGSTOP");
  const start = performance.now();
  const agent = await world.startAgent();
  const ready = performance.now();
  const first = await world.client.credentials("deploy");
  // Three seconds and a call of AWS; the keychain itself would never answer.
  expect(performance.now() - ready).toBeLessThan(10_000);
  expect(ready - start).toBeLessThan(10_000);
  expect(first.AccessKeyId).not.toBe(id);
  await untilLogged(agent, "session cache: not in use, serving goes on: the OS keychain did not answer");
  keyring.kill("SIGCONT");
  await untilLogged(agent, "session cache: going on with 0 of 1 sessions");
  await untilSealed(world, async () => world.client.refresh("deploy"));
});
