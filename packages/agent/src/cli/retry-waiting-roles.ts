import type { SsoSignIn } from "../core/role.ts";
import { ssoLoginCommand } from "../core/sign-in-command.ts";
import { agentClient } from "./agent-access.ts";
import type { CommandCall } from "./command.ts";

/**
 * Has a running agent try the roles again that wait for this sign-in. It would notice by itself in a moment; where none
 * runs, there is nothing to do.
 */
export async function retryWaitingRoles(call: CommandCall, signIn: SsoSignIn): Promise<void> {
  const agent = agentClient(call);
  const command = ssoLoginCommand(signIn);
  const status = await agent.status().catch(() => undefined);
  const waiting = (status?.roles ?? []).filter(({ lastError }) => lastError?.hint?.endsWith(command));
  const tried = await Promise.allSettled(waiting.map(({ name }) => agent.refresh(name)));
  for (const [index, result] of tried.entries()) {
    const name = waiting[index]?.name ?? "";
    const state = result.status === "fulfilled" ? "ready" : `not yet: ${messageOf(result.reason)}`;
    process.stderr.write(`${name}: ${state}\n`);
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
