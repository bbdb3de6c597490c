import { agentClient, withAgent } from "./agent-access.ts";
import { agentOptions, exit, textOption, UsageError, type Command } from "./command.ts";
import { competingVariables, credentialVariables } from "./exec/environment.ts";
import { regionFor } from "./region.ts";
import { roleOperand } from "./role-operand.ts";
import { isShell, loginShell, shells } from "./shells.ts";

/** `role-agent env`: a session for a shell. */
export const command: Command = {
  help: `usage: role-agent env [ROLE] [--shell sh|fish|powershell] [--socket PATH] [--config FILE]

Prints lines that give a shell the role's session and region, and take away what would win over
them, as AWS_PROFILE. They end when the session does: role-agent exec has them renewed. The shell
is that of SHELL where --shell is missing.

example:               eval "$(role-agent env deploy)"
example in fish:       role-agent env deploy | source
example in PowerShell: role-agent env deploy --shell powershell | Out-String | Invoke-Expression
`,
  options: { ...agentOptions, shell: { type: "string" } },
  operands: ["ROLE?"],
  run: async (call) => {
    const { env } = call;
    const name = textOption(call, "shell") ?? loginShell(env);
    if (!isShell(name))
      throw new UsageError(`--shell takes sh, fish or powershell, not ${JSON.stringify(name)}`);
    const role = roleOperand(call);
    const document = await withAgent(call, (agent) => agent.credentials(role));
    const region = await regionFor(role, agentClient(call), env);
    const variables = credentialVariables(document, region);
    const shell = shells[name];
    const others = competingVariables(env).filter((variable) => !Object.hasOwn(variables, variable));
    const lines = [
      ...others.map((variable) => shell.unset(variable)),
      ...Object.entries(variables).map(([variable, value]) => shell.set(variable, value)),
    ];
    process.stdout.write(lines.join(""));
    return exit.done;
  },
};
