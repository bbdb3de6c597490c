import { setTimeout as sleep } from "node:timers/promises";
import { loopingClients, type Tally } from "./handover.ts";
import type { World } from "./world.ts";

/** How often an agent is killed, and under how many clients. */
export interface KillPlan {
  readonly kills: number;
  /** Clients that go on with what they hold, as apps do. */
  readonly warm: number;
  /** Clients that start from nothing each time, as commands do. */
  readonly cold: number;
  /** Called when an agent serves; it is killed when that is done. */
  readonly untilKill: (kill: number) => Promise<unknown>;
}

/** What came of it. */
export interface KillFigures {
  readonly warm: Tally;
  readonly cold: Tally;
  /** Milliseconds from each start to the first answer of the agent, in the order of their size. */
  readonly starts: readonly number[];
}

/** Kills agents under looping clients, and starts the next one each time, as a service manager does. */
export async function killUnderLoad(world: World, plan: KillPlan): Promise<KillFigures> {
  let agent = await world.startAgent();
  await world.client.credentials("deploy");
  const clients = (warm: number, cold: number): (() => Promise<Tally>) =>
    loopingClients("looping-client.js", world.env, world.socketPath, warm.toString(), cold.toString());
  const [warm, cold] = [clients(plan.warm, 0), clients(0, plan.cold)];
  await sleep(500);
  const starts: number[] = [];
  for (let kill = 0; kill < plan.kills; kill += 1) {
    await plan.untilKill(kill);
    await agent.end("SIGKILL");
    const start = performance.now();
    agent = await world.startAgent();
    starts.push(performance.now() - start);
  }
  await world.client.credentials("deploy");
  return { warm: await warm(), cold: await cold(), starts: starts.toSorted((a, b) => a - b) };
}
