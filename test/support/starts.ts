import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "./world.ts";

/** How one of several agents fared: it serves, or how it ended. */
export interface StartedAgent {
  readonly pid: number;
  readonly code: number | null | "serves";
  readonly log: string;
}

/** Starts so many agents together; answers once one serves and all others have ended. */
export async function serveTogether(world: World, count: number): Promise<readonly StartedAgent[]> {
  const agents = Array.from({ length: count }, () => world.spawnAgent());
  return Promise.all(
    agents.map(async (agent) => {
      const code = await Promise.race([agent.exited(), agent.ready().then(() => "serves" as const)]);
      // What a process has written may be read after its end.
      for (let tries = 0; agent.log === "" && tries < 100; tries += 1) await sleep(50);
      return { pid: agent.pid, code, log: agent.log };
    }),
  );
}

/** What is in the directory of the agent socket. */
export function socketFiles({ socketPath }: World): readonly string[] {
  return readdirSync(dirname(socketPath)).filter((name) => name !== "tokens");
}
