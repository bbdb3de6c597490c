import { withAgent } from "./agent-access.ts";
import { agentOptions, exit, type Command } from "./command.ts";
import { roleOperand } from "./role-operand.ts";

/** `role-agent refresh`: a new role session now. */
export const command: Command = {
  help: `usage: role-agent refresh [ROLE] [--socket PATH] [--config FILE]

Has AWS issue a new session of the role now: after its trust policy or permissions changed, or to
try again at once after a refusal.

example: role-agent refresh deploy
`,
  options: agentOptions,
  operands: ["ROLE?"],
  run: async (call) => {
    const role = roleOperand(call);
    const { AccessKeyId, Expiration } = await withAgent(call, (agent) => agent.refresh(role));
    process.stdout.write(`${role}: new session, key ${AccessKeyId}, valid until ${Expiration}\n`);
    return exit.done;
  },
};
