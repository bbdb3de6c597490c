import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentProcess } from "./agent-process.ts";
import { createKeysWorld, type KeysWorld, type KeysWorldOptions } from "./keys.ts";
import type { World } from "./world.ts";
import { writtenAt } from "./written.ts";

/** A world whose agents keep sessions in a sealed cache. */
export async function createCacheWorld(options: KeysWorldOptions = {}): Promise<KeysWorld> {
  return createKeysWorld("", { agent: "session_cache = true", ...options });
}

/** The paths of sealed caches, and of what is left of new ones. */
export function cacheFiles(world: World): readonly string[] {
  const directory = stateDirectory(world);
  return namesIn(directory)
    .filter((name) => name.startsWith("sessions-"))
    .map((name) => join(directory, name));
}

/** Where the agent of a world keeps its state. */
export function stateDirectory({ home }: World): string {
  return join(home, ".local/state/role-agent");
}

/** Resolves when the cache has what the agent holds right now. */
export async function untilSealed(world: World, change: () => Promise<unknown>): Promise<void> {
  const sealed = (): string => writtenAt(cacheFiles(world).find((path) => path.endsWith(".sealed")) ?? "");
  const before = sealed();
  await change();
  for (let now = ""; now === "" || now === before || cacheFiles(world).length !== 1; now = sealed())
    await sleep(10);
}

/** An agent that is killed with a session of `deploy` in its cache; answers the key's id. */
export async function killedWithSession(world: World): Promise<string> {
  const agent = await world.startAgent();
  await untilSealed(world, () => world.client.credentials("deploy"));
  const { AccessKeyId } = await world.client.credentials("deploy");
  await agent.end("SIGKILL");
  return AccessKeyId;
}

/** Resolves when an agent has logged it. */
export async function untilLogged(agent: AgentProcess, text: string): Promise<void> {
  while (!agent.log.includes(text)) await sleep(10);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
