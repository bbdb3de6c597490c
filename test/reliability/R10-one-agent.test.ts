import { describe, expect, it, onTestFinished } from "vitest";
import { endAgent } from "../support/processes.ts";
import { serveTogether, socketFiles, type StartedAgent } from "../support/starts.ts";
import { createWorld, type World } from "../support/world.ts";

const starts = 8;

async function expectOne(world: World, agents: readonly StartedAgent[]): Promise<void> {
  const [serving, ...more] = agents.filter(({ code }) => code === "serves");
  expect(more).toEqual([]);
  expect((await world.client.status()).pid).toBe(serving?.pid);
  for (const { code, log } of agents.filter((agent) => agent !== serving)) {
    expect({ code, log }).toEqual({ code: 0, log: expect.stringContaining("another agent already serves") });
  }
  expect(socketFiles(world)).toEqual(["agent.sock"]);
}

describe("R10: of agents that are started together one serves, and the others say so and end with 0", () => {
  it("by role-agent serve", async () => {
    const world = await createWorld();
    await expectOne(world, await serveTogether(world, starts));
  });

  it("by role-agent serve, where an agent that was killed has left its socket", async () => {
    const world = await createWorld();
    await (await world.startAgent()).end("SIGKILL");
    expect(socketFiles(world)).toEqual(["agent.sock"]);
    await expectOne(world, await serveTogether(world, starts));
  });

  it("by role-agent start, and all tell of the one that serves", async () => {
    const world = await createWorld();
    onTestFinished(async () => endAgent(world.client));
    const results = await Promise.all(Array.from({ length: starts }, async () => world.run("start")));
    const { pid } = await world.client.status();
    for (const { stdout, code } of results) {
      expect({ stdout, code }).toEqual({
        stdout: expect.stringMatching(new RegExp(`^(started|already running): pid ${pid},`)),
        code: 0,
      });
    }
    // Those that were too late may still be on their way out.
    await expect.poll(() => socketFiles(world)).toEqual(["agent.sock"]);
  });
});
