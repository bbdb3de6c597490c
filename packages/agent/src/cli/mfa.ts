import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { RoleAgentError, type AgentClient } from "@role-agent/provider";
import { shellWord } from "../core/shell-word.ts";
import { withAgent } from "./agent-access.ts";
import { agentOptions, exit, UsageError, type Command } from "./command.ts";

const codePattern = /^\d{6}$/;

/** `role-agent mfa`: brings a one-time code. */
export const command: Command = {
  help: `usage: role-agent mfa [ROLE] [CODE] [--socket PATH] [--config FILE]

Brings the one-time code of an MFA device: one opens every role that needs the device, for a working
day. Without CODE it is asked for, or read from standard input; without ROLE it is for the one device
that a role waits for.

example: role-agent mfa deploy 123456
`,
  options: agentOptions,
  operands: ["ROLE?", "CODE?"],
  run: async (call) => {
    const [role, given] = rolesFirst(call.operands);
    const target = role ?? (await withAgent(call, waitingRole));
    const code = given ?? (await askForCode(target));
    if (!codePattern.test(code)) throw new UsageError("a one-time code has six digits");
    await withAgent(call, (agent) => agent.mfa(target, code));
    process.stdout.write(`${target}: the code was accepted\n`);
    return exit.done;
  },
};

/** A lone code is one, whatever roles are called. */
function rolesFirst([first, second]: readonly string[]): [
  role?: string | undefined,
  code?: string | undefined,
] {
  return second === undefined && first !== undefined && codePattern.test(first)
    ? [undefined, first]
    : [first, second];
}

/** A role of the one device that is waited for; roles of one device have the same hint. */
async function waitingRole(agent: AgentClient): Promise<string> {
  const { roles } = await agent.status();
  const waiting = roles.filter(({ lastError }) => lastError?.code === "MfaRequired");
  const hints = [...new Set(waiting.map(({ lastError }) => lastError?.hint ?? ""))];
  const [first] = waiting;
  if (first === undefined) {
    throw new RoleAgentError("InvalidConfiguration", "no role waits for a one-time code", {
      hint: "name the role: role-agent mfa ROLE",
    });
  }
  if (hints.length > 1) {
    throw new RoleAgentError("InvalidConfiguration", "roles wait for codes of several devices", {
      hint: hints.join(", or "),
    });
  }
  return first.name;
}

async function askForCode(role: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // At the end of the input, or after Ctrl-C, the question itself would stay open for ever.
  const ended = once(terminal, "close").then(() => undefined);
  const code = await Promise.race([terminal.question(`one-time code for ${role}: `), ended]);
  terminal.close();
  if (code !== undefined) return code.trim();
  process.stderr.write("\n");
  throw new RoleAgentError("MfaRequired", `no one-time code came for ${role}`, {
    hint: `role-agent mfa ${shellWord(role)} CODE`,
  });
}
