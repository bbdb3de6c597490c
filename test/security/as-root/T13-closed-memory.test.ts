import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, serveCommand } from "../../support/agent-process.ts";
import { childrenOf } from "../../support/processes.ts";
import { createWorld, type World } from "../../support/world.ts";
import { requireRoot } from "./other-user.ts";

/** Makes root a user like any other, who may look into programs of their own and no more. */
const ordinary = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"] as const;
const lookInside = fileURLToPath(new URL("look-inside.js", import.meta.url));

const open = { memory: "open", environment: "open", debugger: "open" };
const closed = { memory: "EACCES", environment: "EACCES", debugger: "refused" };

/** What a program of the same user finds open in a process. */
async function lookedInto(pid: number): Promise<unknown> {
  const [program, ...args] = [...ordinary, process.execPath, lookInside, String(pid)];
  return JSON.parse((await promisify(execFile)(program, args)).stdout);
}

async function ordinaryAgent(world: World, ...options: string[]): Promise<AgentProcess> {
  requireRoot();
  const agent = new AgentProcess(world.env, world.socketPath, [...ordinary, ...serveCommand, ...options]);
  onTestFinished(async () => void (await agent.end("SIGKILL")));
  await agent.ready();
  return agent;
}

describe("T13: a program of the same user can't look into the memory of the agent, nor of its issuer", () => {
  it("finds both closed to /proc and to debuggers", async () => {
    const world = await createWorld();
    const agent = await ordinaryAgent(world);
    await world.client.credentials("deploy");
    const [issuer = 0] = childrenOf(agent.pid);
    expect(await lookedInto(issuer)).toEqual(closed);
    expect(await lookedInto(agent.pid)).toEqual(closed);
  });

  it("would find both open of an agent that was started with --unsafe-debug", async () => {
    const world = await createWorld();
    const agent = await ordinaryAgent(world, "--unsafe-debug");
    await world.client.credentials("deploy");
    const [issuer = 0] = childrenOf(agent.pid);
    expect(await lookedInto(issuer)).toEqual(open);
    expect(await lookedInto(agent.pid)).toEqual(open);
  });
});
