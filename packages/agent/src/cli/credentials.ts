import type { CredentialsDocument } from "@role-agent/provider";
import { withAgent } from "./agent-access.ts";
import { agentOptions, exit, textOption, UsageError, type Command } from "./command.ts";
import { roleOperand } from "./role-operand.ts";

const formats: Readonly<Record<string, (document: CredentialsDocument) => string>> = {
  process: (document) => `${JSON.stringify(document)}\n`,
  env: envFormat,
  json: (document) => `${JSON.stringify(document, undefined, 2)}\n`,
};

/** `role-agent credentials`: prints credentials of a role. */
export const command: Command = {
  help: `usage: role-agent credentials [ROLE] [--format process|env|json] [--socket PATH] [--config FILE]

Prints credentials of a role; ROLE_AGENT_ROLE names one where ROLE is missing. The default format is what
credential_process in ~/.aws/config expects. Starts an agent where none is running.

example, in ~/.aws/config:
  [profile app]
  credential_process = role-agent credentials deploy

example, in a shell: eval "$(role-agent credentials deploy --format env)"
`,
  options: { ...agentOptions, format: { type: "string" } },
  operands: ["ROLE?"],
  run: async (call) => {
    const name = textOption(call, "format") ?? "process";
    const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
    if (format === undefined)
      throw new UsageError(`--format takes process, env or json, not ${JSON.stringify(name)}`);
    const role = roleOperand(call);
    process.stdout.write(format(await withAgent(call, (agent) => agent.credentials(role))));
    return exit.done;
  },
};

function envFormat(document: CredentialsDocument): string {
  const variables = {
    AWS_ACCESS_KEY_ID: document.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: document.SecretAccessKey,
    AWS_SESSION_TOKEN: document.SessionToken,
    AWS_CREDENTIAL_EXPIRATION: document.Expiration,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join("");
}
