import { RoleAgentError, type AgentClient } from "@role-agent/provider";
import { outerRoleRegion } from "./exec/outer-environment.ts";

/**
 * The region that a command works in: what the environment says, as in every SDK, else what the role is configured
 * with; `undefined` where neither says anything.
 */
export async function regionFor(
  role: string,
  agent: AgentClient,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return chosenRegion(env) ?? roleRegion(role, agent);
}

/** What the environment says, but for what an `exec` around this command has from its own role. */
export function chosenRegion(env: NodeJS.ProcessEnv): string | undefined {
  const chosen = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || undefined;
  return chosen === outerRoleRegion(env) ? undefined : chosen;
}

/** What the role is configured with; `undefined` also where the agent's socket tells nothing but credentials. */
export async function roleRegion(role: string, agent: AgentClient): Promise<string | undefined> {
  const { roles } = await agent.roles().catch((error: unknown) => {
    if (error instanceof RoleAgentError && error.code === "InvalidRequest") return { roles: [] };
    throw error;
  });
  return roles.find(({ name }) => name === role)?.region ?? undefined;
}
