import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { endpoint, endpointsOf, roleOf } from "../support/endpoints.ts";
import { loopingClients, worldInBackground } from "../support/handover.ts";
import { askDoor } from "../support/lock.ts";
import { untilGone } from "../support/processes.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { createWorld } from "../support/world.ts";

const anyPort = "127.0.0.1:0";

describe("R11: an agent that is told to stop finishes what is under way within 5 s, and ends with 0", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("by %s: answers, and removes its socket", async (signal) => {
    const world = await createWorld();
    const agent = await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "latency", ms: 500 });
    const pending = world.client.credentials("deploy");
    while ((await world.client.status()).roles[0]?.state !== "renewing") await sleep(5);
    agent.signal(signal);
    expect((await pending).AccessKeyId).toMatch(/^ASIA/);
    expect(await agent.exited()).toBe(0);
    expect(readdirSync(dirname(world.socketPath))).toEqual([]);
  });

  it("although AWS never answers: whoever waits is told so", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "hang" });
    const pending = world.client.credentials("deploy").catch((error: unknown) => error);
    while ((await world.client.status()).roles[0]?.state !== "renewing") await sleep(5);
    const start = performance.now();
    expect(await agent.end("SIGTERM")).toBe(0);
    expect(performance.now() - start).toBeLessThan(8000);
    expect(await pending).toMatchObject({
      code: expect.stringMatching(/^(AgentUnreachable|SourceUnavailable)$/),
    });
  });

  it("and leaves the socket of a newer agent in its place", async () => {
    const world = await createWorld();
    const old = await world.startAgent();
    rmSync(world.socketPath);
    const newer = await world.startAgent();
    expect(await old.end("SIGTERM")).toBe(0);
    expect((await world.client.status()).pid).toBe(newer.pid);
    expect((await world.client.credentials("deploy")).Version).toBe(1);
  });

  it("and fails no client that never asks twice while its successor takes its place, twenty times, and AWS is not asked", async () => {
    const restricted = join(temporaryDirectory(), "restricted", "agent.sock");
    const world = await worldInBackground(
      endpoint("container", anyPort, "deploy"),
      endpoint("socket", restricted, "deploy"),
    );
    const [door] = await endpointsOf(world, 2);
    if (door === undefined) throw new Error("no door");
    const { uri, tokenFile } = roleOf(door, "deploy");
    world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
    const calls = world.sandbox.calls.count("AssumeRole");
    const tallies = [
      loopingClients("looping-client.js", world.env, world.socketPath, "15", "5"),
      loopingClients(
        "looping-strict-client.js",
        world.env,
        "20",
        world.socketPath,
        uri,
        readFileSync(tokenFile, "utf8"),
      ),
    ];
    const pids = [world.pid];
    for (let round = 0; round < 20; round += 1) {
      expect(await world.run("restart")).toMatchObject({ code: 0, stderr: "" });
      pids.push((await world.client.status()).pid);
      expect((await askDoor({ socketPath: restricted }, "/v1/credentials/deploy")).status).toBe(200);
    }
    for (const tally of tallies) {
      const { ok, failures } = await tally();
      expect(failures).toEqual([]);
      expect(ok).toBeGreaterThan(1000);
    }
    expect(new Set(pids).size).toBe(21);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(calls);
    await untilGone(pids.slice(0, -1));
    expect(readdirSync(dirname(world.socketPath)).filter((name) => name !== "tokens")).toEqual([
      "agent.sock",
    ]);
    expect(readdirSync(dirname(restricted))).toEqual(["agent.sock"]);
  });
});
