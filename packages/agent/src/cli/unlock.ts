import { agentClient } from "./agent-access.ts";
import { exit, type Command } from "./command.ts";
import { lockPassphrase, notAnArgument } from "./lock-passphrase.ts";

/** `role-agent unlock`: ends what `role-agent lock` did. */
export const command: Command = {
  help: `usage: role-agent unlock [--socket PATH]

Unlocks the agent with the passphrase that it was locked with, as ssh-add -X does. The passphrase is asked
for, or read from the first line of standard input. Each wrong one takes 0.1 s longer to be refused, 10 s at
most. Who has forgotten it ends the agent: role-agent stop.

example: role-agent unlock
`,
  options: { socket: { type: "string" } },
  operands: [],
  extraArgument: notAnArgument,
  run: async (call) => {
    const agent = agentClient(call);
    await agent.unlock(await lockPassphrase("passphrase: "));
    process.stdout.write("unlocked\n");
    return exit.done;
  },
};
