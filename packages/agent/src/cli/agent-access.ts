import { AgentClient, RoleAgentError } from "@role-agent/provider";
import { textOption, type CommandCall } from "./command.ts";

/** The agent that the command line or the environment names. */
export function agentClient(call: CommandCall): AgentClient {
  return new AgentClient({ socketPath: textOption(call, "socket") });
}

/** Asks the agent; where none is running, starts one first, unless `ROLE_AGENT_AUTOSTART=0`. */
export async function withAgent<T>(call: CommandCall, ask: (agent: AgentClient) => Promise<T>): Promise<T> {
  const agent = agentClient(call);
  try {
    return await ask(agent);
  } catch (error) {
    const isMissing = error instanceof RoleAgentError && error.tryNextLink;
    if (!isMissing || call.env["ROLE_AGENT_AUTOSTART"] === "0") throw error;
    const { startInBackground } = await import("./background.ts");
    await startInBackground(call, agent);
    return ask(agent);
  }
}
