import { AgentClient, RoleAgentError, type AgentStatus } from "@role-agent/provider";
import { pathOption, type CommandCall } from "./command.ts";

/** The agent that the command line or the environment names. */
export function agentClient(call: CommandCall): AgentClient {
  return new AgentClient({ socketPath: pathOption(call, "socket"), onConfirming: tellOfQuestion });
}

let isTold = false;

function tellOfQuestion(): void {
  if (!isTold)
    process.stderr.write("role-agent: waiting for a yes: at the desktop, or in role-agent status --watch\n");
  isTold = true;
}

/** Asks the agent; where none is running, starts one first, unless `ROLE_AGENT_AUTOSTART=0`. */
export async function withAgent<T>(call: CommandCall, ask: (agent: AgentClient) => Promise<T>): Promise<T> {
  const agent = agentClient(call);
  try {
    if (call.options["config"] !== undefined) checkConfig(call, await agent.status());
    return await ask(agent);
  } catch (error) {
    const isMissing = error instanceof RoleAgentError && error.tryNextLink;
    if (!isMissing || call.env["ROLE_AGENT_AUTOSTART"] === "0") throw error;
    const { startInBackground } = await import("./background.ts");
    checkConfig(call, await startInBackground(call, agent));
    return ask(agent);
  }
}

/** Refuses an agent that was started with another `--config` than this command's: its roles are others by the same name. */
export function checkConfig(call: CommandCall, { config, socket }: AgentStatus): void {
  const wanted = pathOption(call, "config");
  if (wanted === undefined || wanted === config) return;
  throw new RoleAgentError("InvalidConfiguration", `the agent at ${socket} serves ${config}, not ${wanted}`, {
    hint: "stop it first, or give an agent for this file another path with --socket",
  });
}
