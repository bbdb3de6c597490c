import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError, type AgentClient } from "@role-agent/provider";
import { isRunning } from "../system/is-running.ts";
import { agentClient } from "./agent-access.ts";
import { exit, type Command } from "./command.ts";

/** Longer than an agent takes to finish what is under way. */
const patienceMs = 8000;
const lastLineMs = 1000;

/** `role-agent stop`: ends the agent. */
export const command: Command = {
  help: `usage: role-agent stop [--socket PATH]

Ends the agent after it has answered what is under way. Its role sessions are forgotten.

example: role-agent stop
`,
  options: { socket: { type: "string" } },
  operands: [],
  run: async (call) => {
    const agent = agentClient(call);
    const { pid } = await agent.status();
    await agent.stop();
    if (!(await isGone(agent, pid))) throw new Error(`the agent (pid ${pid}) is still running`);
    await untilLastLine(pid);
    process.stdout.write(`stopped: pid ${pid}\n`);
    return exit.done;
  },
};

/**
 * Gone from the socket, where another may be by now. The process table tells less: in a container it may keep a process
 * that has ended for ever.
 */
async function isGone(agent: AgentClient, pid: number): Promise<boolean> {
  const start = performance.now();
  while (performance.now() - start < patienceMs) {
    if (!(await answers(agent, pid))) return true;
    await sleep(20);
  }
  return false;
}

/** It writes to its log yet. Not waited for longer: the pid may be another process's here, or be kept by its parent. */
async function untilLastLine(pid: number): Promise<void> {
  const start = performance.now();
  while (isRunning(pid) && performance.now() - start < lastLineMs) await sleep(10);
}

async function answers(agent: AgentClient, pid: number): Promise<boolean> {
  try {
    return (await agent.status()).pid === pid;
  } catch (error) {
    if (error instanceof RoleAgentError && error.code === "AgentUnreachable") return false;
    throw error;
  }
}
