import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { AgentProcess } from "../support/agent-process.ts";
import { passphrase, runWithInput } from "../support/lock.ts";
import { childrenOf, untilGone } from "../support/processes.ts";
import { createWorld, type World } from "../support/world.ts";
import { startBus } from "./support/keychain.ts";

/** A desktop with an agent that follows its screen. */
async function desktop(): Promise<{ world: World; agent: AgentProcess }> {
  const world = await createWorld();
  await startBus(world.env, world.home);
  const agent = await world.startAgent();
  expect(await runWithInput(world, passphrase, "lock", "--with-screen")).toEqual({
    code: 0,
    stdout: "locks itself with the screen\n",
    stderr: "",
  });
  return { world, agent };
}

/** Says what a desktop says when its screen is locked, or opened. */
function tellOfScreen({ env }: World, desktopName: string, isLocked: boolean): void {
  const signal = `org.${desktopName}.ScreenSaver.ActiveChanged`;
  const path = `/org/${desktopName}/ScreenSaver`;
  execFileSync("dbus-send", ["--session", "--type=signal", path, signal, `boolean:${isLocked}`], { env });
}

async function untilLocked({ client }: World): Promise<void> {
  while ((await client.status()).lockedSince === null) await sleep(20);
}

function monitorsOf({ pid }: AgentProcess): number[] {
  return childrenOf(pid).flatMap((shell) => childrenOf(shell));
}

describe("an agent that follows the desktop's screen", () => {
  it.each(["gnome", "freedesktop"])("is locked with it: %s", async (desktopName) => {
    const { world } = await desktop();
    for (let round = 0; round < 2; round += 1) {
      tellOfScreen(world, desktopName, false);
      expect((await world.client.credentials("deploy")).AccessKeyId).toMatch(/^ASIA/);
      tellOfScreen(world, desktopName, true);
      await untilLocked(world);
      await world.client.unlock(passphrase);
    }
    expect(await world.client.status()).toMatchObject({ lockedSince: null, lockWithScreen: true });
  });

  it("locks itself when it hears the desktop no more", async () => {
    const { world, agent } = await desktop();
    for (const monitor of monitorsOf(agent)) process.kill(monitor, "SIGKILL");
    await untilLocked(world);
    expect((await world.client.status()).lockWithScreen).toBe(false);
    expect(agent.log).toContain("the desktop is heard no more");
  });

  it.each(["SIGTERM", "SIGKILL"] as const)("leaves no program behind after %s", async (signal) => {
    const { agent } = await desktop();
    const programs = [...childrenOf(agent.pid), ...monitorsOf(agent)];
    expect(programs).toHaveLength(2);
    await agent.end(signal);
    await untilGone(programs);
  });
});

it("without a session bus, lock --with-screen says what to do and locks nothing", async () => {
  const world = await createWorld();
  world.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere";
  const agent = await world.startAgent();
  const { code, stderr } = await runWithInput(world, passphrase, "lock", "--with-screen");
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("finds no session bus"),
  });
  expect(await world.client.status()).toMatchObject({ lockedSince: null, lockWithScreen: false });
  expect(childrenOf(agent.pid)).toEqual([]);
});
