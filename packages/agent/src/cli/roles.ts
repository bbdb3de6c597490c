import { agentClient, withAgent } from "./agent-access.ts";
import { agentOptions, exit, type Command } from "./command.ts";
import { profileCommands, profileSections } from "./profile-sections.ts";
import { table } from "./table.ts";

/** `role-agent roles`: the roles and what each needs. */
export const command: Command = {
  help: `usage: role-agent roles [--json | --profiles] [--socket PATH] [--config FILE]

The roles of config.toml and of the AWS shared config, and what each is obtained with. --profiles
prints them as profiles for ~/.aws/config, by which the AWS CLI and every SDK ask the agent.

example: role-agent roles --profiles >> ~/.aws/config
`,
  options: { ...agentOptions, json: { type: "boolean" }, profiles: { type: "boolean" } },
  operands: [],
  run: async (call) => {
    const list = await withAgent(call, (agent) => agent.roles());
    if (call.options["json"] === true) process.stdout.write(`${JSON.stringify(list)}\n`);
    else if (call.options["profiles"] === true) {
      const commands = profileCommands(agentClient(call).socketPath, call.env);
      process.stdout.write(
        profileSections(list.roles, commands)
          .map(({ text }) => text)
          .join("\n"),
      );
    } else {
      const isAnyConfirmed = list.roles.some(({ confirm }) => confirm);
      const withConfirm = (cells: readonly string[], cell: string): readonly string[] =>
        isAnyConfirmed ? [...cells, cell] : cells;
      const rows = list.roles.map((role) =>
        withConfirm(
          [role.name, role.type, role.problem ?? role.roleArn ?? "", role.source, role.definedIn],
          role.confirm ? "each process" : "",
        ),
      );
      const heading = withConfirm(["ROLE", "TYPE", "ARN", "SOURCE", "DEFINED IN"], "CONFIRM");
      process.stdout.write(table([heading, ...rows]));
    }
    return exit.done;
  },
};
