import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { AgentStatus } from "@role-agent/provider";
import { childrenOf, untilGone } from "./processes.ts";
import { endpointsOf } from "./endpoints.ts";
import { createWorld, deployConfig, type World } from "./world.ts";

/** An agent in the background, as `role-agent start` leaves it; whichever process it is then ends with the test. */
export async function startInBackground(world: World): Promise<AgentStatus> {
  const { code, stderr } = await world.run("start");
  if (code !== 0) throw new Error(`the agent did not start: ${stderr}`);
  const first = await world.client.status();
  onTestFinished(async () => {
    const { pid } = await world.client.status();
    await world.client.stop();
    await untilGone([first.pid, pid]);
  });
  return first;
}

/** A world with an agent in the background. */
export type BackgroundWorld = World & { readonly pid: number };

/** One whose agent holds a session of `deploy`, with these doors. */
export async function worldInBackground(...endpoints: readonly string[]): Promise<BackgroundWorld> {
  const world = await createWorld();
  world.configure(deployConfig + endpoints.join(""));
  const { pid } = await startInBackground(world);
  await world.client.credentials("deploy");
  await endpointsOf(world, endpoints.length);
  return { ...world, pid };
}

/** What agents in the background have logged. */
export function backgroundLog({ home }: World): string {
  return readFileSync(`${home}/.local/state/role-agent/agent.log`, "utf8");
}

/** What looping clients have seen. */
export interface Tally {
  readonly ok: number;
  readonly failures: readonly string[];
}

/** Starts a program of looping clients; answers what makes them stop and tell. */
export function loopingClients(
  program: string,
  env: NodeJS.ProcessEnv,
  ...args: string[]
): () => Promise<Tally> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = fork(path, args, { env, execArgv: [] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return () =>
    new Promise((resolve) => {
      child.once("message", (message: Tally) => resolve(message));
      child.send("stop");
    });
}

/** The pid of the successor that an agent has started, as soon as it is there. */
export async function successorOf(pid: number): Promise<number> {
  for (;;) {
    const successor = childrenOf(pid).find((child) => environment(child).includes("ROLE_AGENT_PREDECESSOR"));
    if (successor !== undefined) return successor;
    await sleep(2);
  }
}

/** Empty where the process is gone, or not yet its own program. */
function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
