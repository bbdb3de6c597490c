import { RoleAgentError, type CredentialsScope } from "@role-agent/provider";
import { overRestart, roleSessions } from "@role-agent/provider/role-sessions";
import { FileError, readTextFile } from "../config/trusted-file.ts";
import { printable } from "../core/printable.ts";
import { agentClient, withAgent } from "./agent-access.ts";
import { agentOptions, exit, pathOption, textOption, UsageError } from "./command.ts";
import type { Command, CommandCall } from "./command.ts";
import { writeConfigCopy } from "./exec/config-copy.ts";
import { endpointEnvironment, staticEnvironment } from "./exec/environment.ts";
import { openPrivateEndpoint } from "./exec/private-endpoint.ts";
import { runChild } from "./exec/run-child.ts";
import { parse, wantsHelp } from "./parse.ts";
import { chosenRegion, roleRegion } from "./region.ts";
import { roleOperand } from "./role-operand.ts";

const help = `usage: role-agent exec [ROLE] [--env] [--policy FILE] [--socket PATH] [--config FILE] -- COMMAND…

Runs a command as the role, with credentials that are fresh for as long as it runs: any AWS CLI or
SDK fetches them from an endpoint of this command alone. AWS_PROFILE, keys and whatever else would
win over it are taken out of its environment. --env gives it the credentials in variables instead,
which end when the session does. --policy narrows them to what an IAM policy allows, too.

example: role-agent exec deploy -- aws sts get-caller-identity
`;

const options = {
  ...agentOptions,
  env: { type: "boolean" },
  policy: { type: "string" },
  "role-session-name": { type: "string" },
} as const;

/** STS takes 2048 characters. */
const mostPolicyBytes = 16_384;

/** `role-agent exec`: a command with a role's credentials. */
export const command: Command = {
  help,
  options,
  operands: ["ROLE?"],
  isPassedOn: true,
  run: async ({ operands: args }) => {
    const separator = args.indexOf("--");
    const own = separator < 0 ? args : args.slice(0, separator);
    if (wantsHelp(own)) {
      process.stdout.write(help);
      return exit.done;
    }
    const [program, ...programArgs] = separator < 0 ? [] : args.slice(separator + 1);
    if (program === undefined) throw new UsageError("COMMAND is missing: it comes after --");
    const call = parse({ options, operands: ["ROLE?"] }, own);
    const code = await run(call, (env) => runChild(program, programArgs, env));
    // A request to the agent may be under way still, for nobody any more.
    process.exit(code);
  },
};

async function run(
  call: CommandCall,
  runCommand: (env: NodeJS.ProcessEnv) => Promise<number>,
): Promise<number> {
  if (textOption(call, "role-session-name") !== undefined) {
    throw new UsageError(
      "--role-session-name is not there: clients share a role's session, and role_session_name in config.toml names it",
    );
  }
  const { env } = call;
  const role = roleOperand(call);
  const scope = scopeOf(call);
  const document = await withAgent(call, (agent) => agent.credentials(role, scope));
  const agent = agentClient(call);
  const chosen = chosenRegion(env);
  const region = { name: chosen ?? (await roleRegion(role, agent)), isRoles: chosen === undefined };
  // A command that is meant to have less than the role must not be led to all of it.
  const forProvider = scope === undefined ? { role, socketPath: agent.socketPath } : undefined;
  if (call.options["env"] === true) return runCommand(staticEnvironment(env, document, region, forProvider));
  const sessions = roleSessions(agent, role, scope, (ask) => withAgent(call, () => overRestart(ask)));
  await sessions.get(false);
  const copy = writeConfigCopy(env, agent.socketPath);
  try {
    const { uri, token, close } = await openPrivateEndpoint(role, sessions);
    const variables = { uri, token, region, configFile: copy?.path };
    return await runCommand(endpointEnvironment(env, variables, forProvider)).finally(close);
  } finally {
    copy?.remove();
  }
}

function scopeOf(call: CommandCall): CredentialsScope | undefined {
  const path = pathOption(call, "policy");
  if (path === undefined) return undefined;
  try {
    return { policy: readTextFile(path, mostPolicyBytes).toString("utf8") };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new RoleAgentError("InvalidConfiguration", `${printable(path)} ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}
