import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { AgentProcess } from "./agent-process.ts";
import type { World } from "./world.ts";

const wrapper = fileURLToPath(new URL("measured-agent.js", import.meta.url));
const agentModule = fileURLToPath(new URL("../../packages/agent/dist/main.js", import.meta.url));

/** An agent whose memory is told. */
export interface MeasuredAgent {
  readonly agent: AgentProcess;
  /** Bytes that its objects take which are still needed. */
  readonly heapBytes: () => Promise<number>;
}

/** Starts one. */
export async function startMeasuredAgent({ home, env, socketPath }: World): Promise<MeasuredAgent> {
  const file = join(home, "heap");
  const command = [process.execPath, wrapper, agentModule, "serve"] as const;
  const agent = new AgentProcess({ ...env, ROLE_AGENT_TEST_HEAP: file }, socketPath, command);
  onTestFinished(async () => void (await agent.end("SIGKILL")));
  const heapBytes = async (): Promise<number> => {
    // What was answered last is let go of in a later turn.
    await sleep(100);
    rmSync(file, { force: true });
    agent.signal("SIGUSR2");
    while (!existsSync(file)) await sleep(10);
    return Number(readFileSync(file, "utf8"));
  };
  return { agent: await agent.ready(), heapBytes };
}
