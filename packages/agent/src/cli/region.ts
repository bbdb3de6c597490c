import type { AgentClient } from "@role-agent/provider";

/**
 * The region that a command works in: what the environment says, as in every SDK, else what the role is configured
 * with; `undefined` where neither says anything.
 */
export async function regionFor(
  role: string,
  agent: AgentClient,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const chosen = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"];
  if (chosen) return chosen;
  const { roles } = await agent.roles();
  return roles.find(({ name }) => name === role)?.region ?? undefined;
}
