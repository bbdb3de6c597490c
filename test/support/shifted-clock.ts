import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { AgentProcess } from "./agent-process.ts";
import { childrenOf } from "./processes.ts";
import type { World } from "./world.ts";

const wrapper = fileURLToPath(new URL("shifted-clock.js", import.meta.url));
const agentModule = fileURLToPath(new URL("../../packages/agent/dist/main.js", import.meta.url));

/** Where each clock's shift is. The one between them, which only goes forward, is never off. */
const wall = 0;
const sinceStart = 2;

/** The clocks of a machine, which a test sets while agents go by them. Those of the sandbox are others. */
export class ShiftedClocks {
  readonly #world: World;
  readonly #path: string;
  readonly #file: number;
  readonly #shifts = new Float64Array(3);

  constructor(world: World) {
    this.#world = world;
    this.#path = join(world.home, "clocks");
    this.#file = openSync(this.#path, "w", 0o600);
    onTestFinished(() => closeSync(this.#file));
    this.#write();
  }

  /** Starts an agent that goes by these clocks, and whose issuer does. */
  async startAgent(...options: readonly string[]): Promise<AgentProcess> {
    const { env, socketPath } = this.#world;
    const command = [process.execPath, wrapper, agentModule, "serve", ...options] as const;
    const agent = new AgentProcess({ ...env, ROLE_AGENT_TEST_CLOCK: this.#path }, socketPath, command);
    onTestFinished(async () => void (await agent.end("SIGKILL")));
    return agent.ready();
  }

  /** Somebody sets the wall clock, forward or back. */
  setWallBy(ms: number): void {
    this.#shift(wall, ms);
    this.#write();
  }

  /** Somebody sets the wall clock to a time. */
  setWall(time: string): void {
    this.setWallBy(Date.parse(time) - Date.now() - (this.#shifts[wall] ?? 0));
  }

  /**
   * The machine sleeps so long: its processes stand still, and so does the clock that only goes forward. The rest of
   * the world goes on. `meanwhile` comes about just before it wakes.
   */
  async suspend(
    agent: AgentProcess,
    ms: number,
    meanwhile: () => Promise<void> | void = () => undefined,
  ): Promise<void> {
    const processes = [agent.pid, ...childrenOf(agent.pid)];
    for (const pid of processes) process.kill(pid, "SIGSTOP");
    this.#shift(wall, ms);
    this.#shift(sinceStart, ms);
    this.#write();
    this.#world.sandbox.clock.advance(ms);
    await meanwhile();
    for (const pid of processes) process.kill(pid, "SIGCONT");
  }

  #shift(clock: number, ms: number): void {
    this.#shifts[clock] = (this.#shifts[clock] ?? 0) + ms;
  }

  #write(): void {
    writeSync(this.#file, this.#shifts, 0, this.#shifts.byteLength, 0);
  }
}
