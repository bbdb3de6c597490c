import { readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { endAgent } from "../support/processes.ts";
import { createWorld, type World } from "../support/world.ts";

async function backgroundWorld(): Promise<World> {
  const world = await createWorld();
  // So that its memory, of which the environment is a part, stays open to a test of the same user.
  world.env["NODE_OPTIONS"] = "--no-addons";
  onTestFinished(() => endAgent(world.client));
  return world;
}

function environmentOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
}

it("an agent in the background keeps no directory busy, and finds files that were named from one", async () => {
  const world = await backgroundWorld();
  world.env["AWS_CONFIG_FILE"] = relative(process.cwd(), world.env["AWS_CONFIG_FILE"] ?? "");
  expect(await world.run("start")).toMatchObject({ code: 0, stderr: "" });
  const { pid } = await world.client.status();
  expect(readlinkSync(`/proc/${pid}/cwd`)).toBe("/");
  await world.client.credentials("deploy");
  const log = readFileSync(join(world.home, ".local", "state", "role-agent", "agent.log"), "utf8");
  expect(log).toContain("serving ");
});

it("an agent that is started in a command of exec has the environment outside of it", async () => {
  const world = await backgroundWorld();
  await world.run("start");
  const { pid: first } = await world.client.status();
  const script = '"$1" "$2" stop && "$1" "$2" start';
  const inExec = ["exec", "deploy", "--", "sh", "-c", script, "sh", process.execPath, roleAgentProgram];
  expect(await world.run(...inExec)).toMatchObject({ code: 0, stderr: "" });
  const { pid } = await world.client.status();
  expect(pid).not.toBe(first);
  const env = environmentOf(pid);
  expect(env).toContain(`AWS_CONFIG_FILE=${world.env["AWS_CONFIG_FILE"]}`);
  expect(env.join("\n")).not.toMatch(/^(AWS_CONTAINER|BOTO_CONFIG|ROLE_AGENT_OUTER)/m);
  await world.client.credentials("deploy");
});
