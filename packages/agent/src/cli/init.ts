import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { agentSocketPath, homeDirectory, RoleAgentError, type RoleSummary } from "@role-agent/provider";
import { codeOf } from "../core/error-code.ts";
import { awsFilePath } from "../config/aws-file-path.ts";
import { configPath, loadConfig } from "../config/load.ts";
import { printable } from "../core/printable.ts";
import { roleList } from "../status.ts";
import { ask, hasTerminal } from "../system/prompt.ts";
import { agentOptions, exit, pathOption, type Command, type CommandCall } from "./command.ts";
import { firstConfig } from "./first-config.ts";
import { loadOptions } from "./load-options.ts";
import { profileCommands, profileSections } from "./profile-sections.ts";

/** `role-agent init`: a config.toml to start from. */
export const command: Command = {
  help: `usage: role-agent init [--print] [--config FILE] [--socket PATH]

Writes a config.toml with comments on what can stand in it, from the AWS profiles found. Where there
is one already, nothing is changed. On a terminal it then offers to add profiles to ~/.aws/config by
which the AWS CLI and every SDK ask the agent. --print only shows the config.toml.

example: role-agent init --print
`,
  options: { ...agentOptions, print: { type: "boolean" } },
  operands: [],
  run: async (call) => {
    const roles = profileRoles(call);
    const text = firstConfig(roles);
    if (call.options["print"] === true) {
      process.stdout.write(text);
      return exit.done;
    }
    const path = pathOption(call, "config") ?? configPath(call.env, homeDirectory(call.env));
    writeNew(path, text);
    process.stdout.write(`written: ${printable(path)}\n`);
    if (hasTerminal()) await offerProfiles(call, roles);
    return exit.done;
  },
};

/** What the agent makes of the AWS profiles alone: no config.toml is below a file. */
function profileRoles(call: CommandCall): readonly RoleSummary[] {
  const options = loadOptions({ ...call, options: {} });
  const nowhere = { ...options.env, ROLE_AGENT_CONFIG: undefined, XDG_CONFIG_HOME: "/dev/null" };
  return roleList(loadConfig({ ...options, env: nowhere }).roles.values()).roles;
}

function writeNew(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const isThere = codeOf(error) === "EEXIST";
    if (!isThere) throw error;
    throw new RoleAgentError("InvalidConfiguration", `${printable(path)} is there already`, {
      hint: "role-agent init --print shows what would be written",
      cause: error,
    });
  }
}

async function offerProfiles(call: CommandCall, roles: readonly RoleSummary[]): Promise<void> {
  const { env } = call;
  const taken = new Set(roles.map(({ name }) => name));
  const socketPath = pathOption(call, "socket") ?? agentSocketPath(env);
  const sections = profileSections(roles, profileCommands(socketPath, env)).filter(
    ({ name }) => !taken.has(name),
  );
  if (sections.length === 0) return;
  const path = awsFilePath("config", env, homeDirectory(env));
  const text = sections.map((section) => `\n${section.text}`).join("");
  process.stderr.write(`${text.split("\n").map(printable).join("\n")}\n`);
  const answer = await ask(`Add these ${sections.length} profiles to ${printable(path)}? [y/N] `);
  if (!/^y(?:es)?$/i.test(answer.trim())) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  appendFileSync(path, `\n${text}`, { mode: 0o600 });
  process.stdout.write(`added: ${sections.map(({ name }) => printable(name)).join(", ")}\n`);
}
