import { existsSync } from "node:fs";
import { RoleAgentError, type AgentClient } from "@role-agent/provider";
import { agentClient, withAgent } from "./agent-access.ts";
import { agentFindings, roleFindings } from "./check/agent-findings.ts";
import { configFindings, socketFindings, subject as configSubject } from "./check/config-findings.ts";
import { finding, findingsText, type Finding } from "./check/finding.ts";
import { agentOptions, exit, type Command, type CommandCall } from "./command.ts";
import { loadOptions } from "./load-options.ts";

/** `role-agent check`: what is wrong, and what to do. */
export const command: Command = {
  help: `usage: role-agent check [ROLE] [--json] [--socket PATH] [--config FILE]

Looks at the configuration, the agent and its socket, the clock, each role and endpoint, and which
hardening is in force; says what is wrong and what to do. With ROLE it also has the agent get
credentials of that role. Ends with 1 where something is wrong; a note is nothing wrong.

example: role-agent check deploy
`,
  options: { ...agentOptions, json: { type: "boolean" } },
  operands: ["ROLE?"],
  run: async (call) => {
    const findings = await lookAround(call);
    const isWell = findings.every(({ level }) => level !== "wrong");
    process.stdout.write(
      call.options["json"] === true
        ? `${JSON.stringify({ ok: isWell, findings })}\n`
        : findingsText(findings),
    );
    return isWell ? exit.done : exit.failed;
  },
};

async function lookAround(call: CommandCall): Promise<readonly Finding[]> {
  const config = configFindings(await configOfAgent(call));
  const isBroken = config.some(({ level, subject }) => level === "wrong" && subject === configSubject);
  // No agent would start with it; one that runs goes on with what it had.
  const ask = async (agent: AgentClient): Promise<readonly Finding[]> => lookAtAgent(agent, call.operands[0]);
  const agent = await orFinding("agent", async () =>
    isBroken ? ask(agentClient(call)) : withAgent(call, ask),
  );
  return [...config, ...agent];
}

async function lookAtAgent(agent: AgentClient, role: string | undefined): Promise<readonly Finding[]> {
  const status = await agent.status();
  const ofAgent = [...agentFindings(status), ...socketFindings(status.socket)];
  if (role === undefined) return [...ofAgent, ...roleFindings(status, await agent.roles())];
  const ofRole = await orFinding(`role ${role}`, async () => {
    const { AccessKeyId, Expiration } = await agent.credentials(role);
    return [finding("ok", `role ${role}`, `key ${AccessKeyId}, valid until ${Expiration}`)];
  });
  return [...ofAgent, ...ofRole];
}

/** The file that the running agent reads, rather than the one that a new agent would. */
async function configOfAgent(call: CommandCall): Promise<ReturnType<typeof loadOptions>> {
  const options = loadOptions(call);
  if (options.configPath !== undefined) return options;
  const running = await agentClient(call)
    .status()
    .catch(() => undefined);
  return running !== undefined && existsSync(running.config)
    ? { ...options, configPath: running.config }
    : options;
}

/** What an error says is a finding, too. */
async function orFinding(
  subject: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof RoleAgentError)) throw error;
    return [finding("wrong", subject, `${error.code}: ${error.message}`, error.hint ?? null)];
  }
}
