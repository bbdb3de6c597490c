import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AgentClient, RoleAgentError } from "@role-agent/provider";

/** The command, for Node to run. */
export const roleAgentProgram: string = fileURLToPath(
  new URL("../../packages/agent/bin/role-agent.js", import.meta.url),
);

/** The command as it is found on the PATH: asks by curl where it can, else runs the program. */
export const roleAgentLauncher: string = roleAgentProgram.replace(/\.js$/, "");

/** Runs an agent in the foreground. */
export const serveCommand: readonly [program: string, ...args: string[]] = [
  process.execPath,
  roleAgentProgram,
  "serve",
];

/** A real agent in its own process. */
export class AgentProcess {
  readonly client: AgentClient;
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  #log = "";

  constructor(env: NodeJS.ProcessEnv, socketPath: string, [program, ...args] = serveCommand) {
    this.client = new AgentClient({ socketPath });
    this.#child = spawn(program, args, {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#log += text;
    });
    this.#exit = once(this.#child, "exit").then(([code]: (number | null)[]) => code ?? null);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything it has written to standard error so far. */
  get log(): string {
    return this.#log;
  }

  /** Resolves when this very process answers on the socket. */
  async ready(): Promise<this> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`the agent ended: ${this.#log}`);
      const pid = await this.client.status().then(
        (status) => status.pid,
        (error: unknown) => {
          if (error instanceof RoleAgentError && error.code === "AgentUnreachable") return undefined;
          throw error;
        },
      );
      if (pid === this.pid) return this;
      await sleep(10);
    }
  }

  /** Closes the reading end of its standard error. */
  closeLog(): void {
    this.#child.stderr?.destroy();
  }

  async exited(): Promise<number | null> {
    return this.#exit;
  }

  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.#child.kill(signal);
    return this.#exit;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
