import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { childrenOf, untilGone } from "../support/processes.ts";
import { createWorld, type World } from "../support/world.ts";

const clientProgram = fileURLToPath(new URL("../support/looping-client.js", import.meta.url));

interface Tally {
  readonly ok: number;
  readonly failures: readonly string[];
}

/** A process with 50 clients that each ask for the role in a loop. */
function fiftyClients(world: World): { tally: () => Promise<Tally> } {
  const child = fork(clientProgram, [world.socketPath, "40", "10"], { env: world.env, execArgv: [] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    tally: () =>
      new Promise((resolve) => {
        child.once("message", (message: Tally) => resolve(message));
        child.send("stop");
      }),
  };
}

describe("an agent that is killed and started again", () => {
  it("fails no request of fifty looping clients, twenty times, and nothing is cleaned up by hand", async () => {
    const world = await createWorld();
    let agent = await world.startAgent();
    await world.client.credentials("deploy");
    const clients = fiftyClients(world);
    for (let round = 0; round < 20; round += 1) {
      await agent.end("SIGKILL");
      agent = await world.startAgent();
      await world.client.credentials("deploy");
      await sleep(100 + 60 * (round % 5));
    }
    const { ok, failures } = await clients.tally();
    expect(failures).toEqual([]);
    expect(ok).toBeGreaterThan(1000);
    expect(readdirSync(dirname(world.socketPath))).toEqual(["agent.sock"]);
  });
});

describe("two agents started at once", () => {
  it("end with one that serves and one that says so and ends with 0", async () => {
    const world = await createWorld();
    const pair = [world.spawnAgent(), world.spawnAgent()];
    const first = await Promise.race(pair.map(async (agent) => ({ agent, code: await agent.exited() })));
    expect(first.code).toBe(0);
    expect(first.agent.log).toContain("another agent already serves");
    const { pid } = await world.client.status();
    expect(pair.map((agent) => agent.pid)).toContain(pid);
    expect(pid).not.toBe(first.agent.pid);
  });
});

describe("an agent", () => {
  it("goes on when nobody reads its log any more", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    agent.closeLog();
    await world.client.credentials("deploy");
    await world.client.refresh("deploy");
    expect((await world.client.status()).pid).toBe(agent.pid);
  });

  it("leaves no issuer behind, however it ends", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    await world.client.credentials("deploy");
    const children = childrenOf(agent.pid);
    expect(children).toHaveLength(1);
    await agent.end("SIGKILL");
    await untilGone(children);
  });
});
