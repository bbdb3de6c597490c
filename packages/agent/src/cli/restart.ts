import { agentClient } from "./agent-access.ts";
import { exit, type Command } from "./command.ts";

/** `role-agent restart`: the agent again, by the program that is installed now. */
export const command: Command = {
  help: `usage: role-agent restart [--socket PATH]

Has the agent in the background start the program that is installed now, with the same arguments and
environment, and leave it its role sessions: no client notices, and AWS is not asked. Where the new
one can't serve within ten seconds, the old one goes on. A locked agent stays locked.

example: npm install --global role-agent && role-agent restart
`,
  options: { socket: { type: "string" } },
  operands: [],
  run: async (call) => {
    const agent = agentClient(call);
    const before = await agent.status();
    await agent.restart();
    const { pid, version } = await agent.status();
    process.stdout.write(`restarted: pid ${pid}, version ${version}, in place of pid ${before.pid}\n`);
    return exit.done;
  },
};
