import { withAgent } from "./agent-access.ts";
import { agentOptions, exit, type Command } from "./command.ts";
import { table } from "./table.ts";

/** `role-agent roles`: the roles and what each needs. */
export const command: Command = {
  help: `usage: role-agent roles [--json] [--socket PATH] [--config FILE]

The roles of config.toml and of the AWS shared config, and what each is obtained with.

example: role-agent roles
`,
  options: { ...agentOptions, json: { type: "boolean" } },
  operands: [],
  run: async (call) => {
    const list = await withAgent(call, (agent) => agent.roles());
    if (call.options["json"] === true) process.stdout.write(`${JSON.stringify(list)}\n`);
    else {
      const rows = list.roles.map((role) => [
        role.name,
        role.type,
        role.problem ?? role.roleArn ?? "",
        role.source,
        role.definedIn,
      ]);
      process.stdout.write(table([["ROLE", "TYPE", "ARN", "SOURCE", "DEFINED IN"], ...rows]));
    }
    return exit.done;
  },
};
