import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { serveCommand } from "./agent-process.ts";
import { childrenOf, untilGone } from "./processes.ts";
import type { World } from "./world.ts";

const managerProgram = fileURLToPath(new URL("service-manager.js", import.meta.url));

/** Agents, one after the other, whose sockets a service manager holds: as a systemd service with its socket unit. */
export class ActivatedAgent {
  readonly #manager: ChildProcess;
  #log = "";

  private constructor(manager: ChildProcess) {
    this.#manager = manager;
    manager.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#log += text));
  }

  /** The manager listens at the places: paths, and addresses with their port. The first agent is being started then. */
  static async start(
    { env }: World,
    places: readonly string[],
    ...options: readonly string[]
  ): Promise<ActivatedAgent> {
    const command = [...serveCommand, ...options];
    const manager = spawn(process.execPath, [managerProgram, ...places, "--", ...command], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const activated = new ActivatedAgent(manager);
    onTestFinished(() => activated.end());
    await activated.pid();
    return activated;
  }

  /** What all agents have written to standard error so far. */
  get log(): string {
    return this.#log;
  }

  /** The agent that runs now, which may not serve yet. */
  async pid(): Promise<number> {
    for (;;) {
      const [pid] = this.#children();
      if (pid !== undefined) return pid;
      await sleep(5);
    }
  }

  /** Sends a signal to the agent that runs now. */
  async signal(signal: NodeJS.Signals): Promise<number> {
    const pid = await this.pid();
    process.kill(pid, signal);
    return pid;
  }

  /** Ends the manager, and then the agent: nobody listens any more. */
  async end(): Promise<void> {
    if (this.#manager.exitCode !== null || this.#manager.signalCode !== null) return;
    const exited = once(this.#manager, "exit");
    const agents = this.#children();
    this.#manager.kill("SIGKILL");
    await exited;
    for (const pid of agents) process.kill(pid, "SIGKILL");
    await untilGone(agents);
  }

  #children(): readonly number[] {
    return this.#manager.pid === undefined ? [] : childrenOf(this.#manager.pid);
  }
}
