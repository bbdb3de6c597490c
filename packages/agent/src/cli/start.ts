import { RoleAgentError, type AgentStatus } from "@role-agent/provider";
import { agentClient, checkConfig } from "./agent-access.ts";
import { startInBackground } from "./background.ts";
import { agentOptions, type Command } from "./command.ts";
import { passphraseOptions } from "./passphrase.ts";

/** `role-agent start`: the agent, in the background. */
export const command: Command = {
  help: `usage: role-agent start [--socket PATH] [--config FILE] [--passphrase-fd N]

Starts the agent in the background and waits until it answers. Does nothing where one runs already.
The first line of descriptor N opens the encrypted key file.

example: role-agent start && role-agent status
`,
  options: { ...agentOptions, ...passphraseOptions },
  operands: [],
  run: async (call) => {
    const agent = agentClient(call);
    const running = await agent.status().catch((error: unknown) => {
      if (error instanceof RoleAgentError && error.tryNextLink) return undefined;
      throw error;
    });
    const status = running ?? (await startInBackground(call, agent));
    checkConfig(call, status);
    process.stdout.write(`${running === undefined ? "started" : "already running"}: ${describe(status)}\n`);
    return 0;
  },
};

function describe({ pid, socket, roles }: AgentStatus): string {
  return `pid ${pid}, ${roles.length} roles, ${socket}`;
}
