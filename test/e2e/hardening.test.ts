import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, roleAgentProgram } from "../support/agent-process.ts";
import { endpoint, endpointsOf } from "../support/endpoints.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";

const all = ["memory-closed", "no-core", "own-clients", "no-inspector", "near-answers"];
/** Those that Node itself can't do. */
const native = new Set(["memory-closed", "own-clients", "near-answers"]);

async function worldWithEndpoint(): Promise<World> {
  const world = await createWorld();
  world.configure(deployConfig + endpoint("container", "127.0.0.1:0", "deploy"));
  return world;
}

async function start({ env, socketPath }: World, nodeOptions: string[], options: string[]): Promise<void> {
  const command = [...nodeOptions, roleAgentProgram, "serve", ...options];
  const agent = new AgentProcess(env, socketPath, [process.execPath, ...command]);
  onTestFinished(async () => void (await agent.end("SIGKILL")));
  await agent.ready();
}

describe.runIf(process.platform === "linux")("an agent", () => {
  it("tells that its memory is closed, its clients are looked at, and its answers stay near", async () => {
    const world = await worldWithEndpoint();
    await start(world, [], []);
    await endpointsOf(world, 1);
    const { hardening = [] } = await world.client.status();
    expect(hardening).toEqual(all.map((name) => ({ name, active: true, why: null })));
  });

  it("that can't load koffi does everything else, and says what is missing", async () => {
    const world = await worldWithEndpoint();
    await start(world, ["--no-addons"], []);
    await endpointsOf(world, 1);
    expect((await world.client.credentials("deploy")).Version).toBe(1);
    const { hardening = [] } = await world.client.status();
    expect(hardening.map(({ name }) => name)).toEqual(all);
    for (const { active, why } of hardening.filter(({ name }) => native.has(name))) {
      expect(active).toBe(false);
      expect(why).toContain("the optional package koffi can't be loaded: Cannot load native addon");
    }
    expect(hardening).toContainEqual({ name: "no-inspector", active: true, why: null });
  });

  it("leaves its memory open with --unsafe-debug, and says so", async () => {
    const world = await worldWithEndpoint();
    await start(world, [], ["--unsafe-debug"]);
    const { hardening = [] } = await world.client.status();
    expect(hardening).toContainEqual({
      name: "memory-closed",
      active: false,
      why: "it was started with --unsafe-debug",
    });
  });
});
