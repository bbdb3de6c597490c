import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fromRoleAgent } from "@role-agent/provider";
import { askDoor, passphrase, runWithInput } from "../support/lock.ts";
import { childrenOf, untilGone } from "../support/processes.ts";
import { createWorld, deployArn } from "../support/world.ts";

const locked = { code: "Locked", hint: "role-agent unlock", tryNextLink: false };

describe("a locked agent", () => {
  it("is seen in its status, and its clients are told what to do", async () => {
    const world = await createWorld();
    await world.startAgent();
    const provider = fromRoleAgent({ role: "deploy", socketPath: world.socketPath });
    await provider();
    await world.client.lock(passphrase);
    const { lockedSince, roles } = await world.client.status();
    expect(Date.parse(lockedSince ?? "")).toBeGreaterThan(Date.now() - 5000);
    expect(roles).toContainEqual({
      name: "deploy",
      roleArn: deployArn,
      state: "idle",
      accessKeyId: null,
      expiration: null,
      nextRenewal: null,
      lastError: null,
    });
    expect((await world.run("status")).stdout).toMatch(/\nlocked since \S+Z\nhint: role-agent unlock\n/);
    await expect(provider({ forceRefresh: true })).rejects.toMatchObject(locked);
    await expect(world.client.mfa("deploy", "123456")).rejects.toMatchObject({
      code: "InvalidConfiguration",
    });
    expect(await world.run("credentials", "deploy")).toEqual({
      code: 4,
      stdout: "",
      stderr: "role-agent: credentials: the agent is locked\nhint: role-agent unlock\n",
    });
  });

  it("stays locked through a reload, stops when told to, and is open when started again", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    await world.client.lock(passphrase);
    expect((await world.run("reload")).code).toBe(0);
    agent.signal("SIGHUP");
    await expect(world.client.credentials("deploy")).rejects.toMatchObject(locked);
    expect((await world.run("stop")).code).toBe(0);
    expect(await agent.exited()).toBe(0);
    await world.startAgent();
    expect((await world.client.credentials("deploy")).AccessKeyId).toMatch(/^ASIA/);
  });
});

describe("role-agent lock and unlock", () => {
  it("take the passphrase from the first line of standard input", async () => {
    const world = await createWorld();
    await world.startAgent();
    const run = (input: string, command: string) => runWithInput(world, input, command);
    expect(await run(`${passphrase}\nmore\n`, "lock")).toEqual({ code: 0, stdout: "locked\n", stderr: "" });
    expect(await run("wrong\n", "unlock")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "role-agent: unlock: the passphrase is wrong\nhint: try again: each wrong one takes longer, 10 s at most\n",
    });
    expect(await run(`${passphrase}\r\n`, "unlock")).toEqual({ code: 0, stdout: "unlocked\n", stderr: "" });
  });

  it("lock an idle agent, and for a screen locker that can't ask anybody", async () => {
    const world = await createWorld();
    await world.startAgent();
    const run = (input: string, ...args: string[]) => runWithInput(world, input, ...args);
    expect(await run(passphrase, "lock", "--when-idle", "2s")).toEqual({
      code: 0,
      stdout: "locks itself after 2s without a request\n",
      stderr: "",
    });
    expect((await world.run("status")).stdout).toContain("locks itself after 2s without a request\n");
    await world.client.credentials("deploy");
    while ((await world.client.status()).lockedSince === null) await sleep(100);
    await expect(world.client.credentials("deploy")).rejects.toMatchObject(locked);
    await run(passphrase, "unlock");
    expect(await run("", "lock", "--same-passphrase")).toMatchObject({ code: 0, stdout: "locked\n" });
    await world.client.unlock(passphrase);
    expect(await world.client.status()).toMatchObject({ lockedSince: null, lockWhenIdleSeconds: 2 });
  });

  it("say what is in the way", async () => {
    const world = await createWorld();
    const run = (input: string, ...args: string[]) => runWithInput(world, input, ...args);
    expect(await run("x", "lock")).toMatchObject({ code: 3, stdout: "" });
    await world.startAgent();
    expect(await run("x", "unlock")).toMatchObject({
      code: 1,
      stderr: "role-agent: unlock: the agent is not locked\nhint: role-agent status\n",
    });
    expect(await run("", "lock", "--same-passphrase")).toMatchObject({
      code: 1,
      stderr: "role-agent: lock: the agent was given no passphrase yet\nhint: role-agent lock\n",
    });
    expect(await run("x", "lock", "--when-idle", "soon")).toMatchObject({
      code: 2,
      stderr:
        'role-agent: --when-idle must be a whole number and a unit: "90s", "30m", "12h" or "1d"\nhint: role-agent lock --help\n',
    });
    await run("x", "lock");
    expect(await run("y", "lock")).toMatchObject({
      code: 1,
      stderr: "role-agent: lock: the agent is locked already\nhint: role-agent unlock\n",
    });
    expect(await run("", "unlock")).toMatchObject({
      code: 2,
      stderr: "role-agent: the passphrase is empty\nhint: role-agent unlock --help\n",
    });
    const spilled = await run("", "unlock", passphrase);
    expect(spilled).toMatchObject({ code: 2, stdout: "" });
    expect(spilled.stderr).toContain("is no argument");
    expect(spilled.stderr).not.toContain("Tasse");
  });
});

describe("the routes", () => {
  it("take a passphrase that is not empty, of 16 KiB at most", async () => {
    const world = await createWorld();
    await world.startAgent();
    const long = JSON.stringify({ passphrase: "x".repeat(17_000) });
    const idle = ["0", "-1", "1.5", "1e300", '"1"', "null"].map(
      (seconds) => `{"passphrase":"x","whenIdleSeconds":${seconds}}`,
    );
    const neither = ["", '{"passphrase":""}', '{"passphrase":1}', "[]", "null", "passphrase"];
    const lockOnly = [
      ...idle,
      '{"whenIdleSeconds":60}',
      '{"passphrase":"x","when":1}',
      '{"passphrase":"x","withScreen":false}',
    ];
    const statuses = async (path: string, bodies: readonly string[]): Promise<number[]> => {
      const own = { socketPath: world.socketPath };
      const answers = await Promise.all(bodies.map((body) => askDoor(own, path, { method: "POST", body })));
      return answers.map(({ status }) => status);
    };
    const refused = [...neither, ...lockOnly];
    expect(await statuses("/v1/lock", refused)).toEqual(refused.map(() => 400));
    expect(await statuses("/v1/unlock", [...neither, "{}"])).toEqual([...neither, "{}"].map(() => 400));
    expect([...(await statuses("/v1/lock", [long])), ...(await statuses("/v1/unlock", [long]))]).toEqual([
      413, 413,
    ]);
    expect((await world.client.status()).lockedSince).toBeNull();
  });
});

describe("an agent that follows the screen", () => {
  it("ends when nobody can reach it any more, though it has the desktop to listen to", async () => {
    const world = await createWorld();
    const programs = join(world.home, "programs");
    mkdirSync(programs);
    const listener =
      '#!/bin/sh\necho "signal sender=org.freedesktop.DBus -> destination=:1.1 member=NameAcquired"\nexec sleep 600\n';
    writeFileSync(join(programs, "dbus-monitor"), listener, { mode: 0o755 });
    world.env["PATH"] = `${programs}:${world.env["PATH"]}`;
    world.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere/bus";
    const agent = await world.startAgent();
    await world.client.lock(passphrase, { withScreen: true });
    expect(await world.client.status()).toMatchObject({ lockWithScreen: true });
    const children = childrenOf(agent.pid);
    expect(children.length).toBeGreaterThan(0);
    rmSync(world.socketPath);
    await untilGone([agent.pid, ...children]);
    expect(agent.log).toContain("nobody can reach this agent any more");
  });
});
