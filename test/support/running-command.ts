import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { roleAgentProgram } from "./agent-process.ts";

/** An application with the AWS SDK's default chain, and nothing of role-agent. */
export const defaultChainClient: string = fileURLToPath(new URL("default-chain.js", import.meta.url));

/** `role-agent` at work. Gone when the test is over. */
export class RunningCommand {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #exit: Promise<number | null>;

  constructor(env: NodeJS.ProcessEnv, args: readonly string[]) {
    const child = spawn(process.execPath, [roleAgentProgram, ...args], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#exit = once(child, "exit").then(([code]: (number | null)[]) => code ?? null);
    onTestFinished(() => void child.kill("SIGKILL"));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The next line of its standard output; `undefined` after the last one. */
  async line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done === true ? undefined : value;
  }

  /** All further lines, as JSON. */
  async answers(): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (let line = await this.line(); line !== undefined; line = await this.line())
      answers.push(JSON.parse(line));
    return answers;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async exited(): Promise<number | null> {
    return this.#exit;
  }
}
