import { agentClient } from "./agent-access.ts";
import { exit, type Command } from "./command.ts";

/** `role-agent reload`: reads the configuration again. */
export const command: Command = {
  help: `usage: role-agent reload [--socket PATH]

Has the agent read its configuration again. Sessions of unchanged roles stay; a broken configuration
is refused and the old one stays in force.

example: role-agent reload
`,
  options: { socket: { type: "string" } },
  operands: [],
  run: async (call) => {
    const agent = agentClient(call);
    await agent.reload();
    process.stdout.write(`reloaded: ${(await agent.roles()).roles.length} roles\n`);
    return exit.done;
  },
};
