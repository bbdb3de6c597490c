import { appendFileSync } from "node:fs";
import { roleAgentLauncher } from "../../support/agent-process.ts";
import type { World } from "../../support/world.ts";

/** Adds to ~/.aws/config a profile that has its credentials from a program. */
export function addProcessProfile(world: World, name: string, credentialProcess: string): void {
  const lines = [
    `[profile ${name}]`,
    `credential_process = ${credentialProcess}`,
    `region = ${world.sandbox.region}`,
    `endpoint_url = ${world.sandbox.url}`,
  ];
  appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", `\n${lines.join("\n")}\n`);
}

/** `role-agent credentials deploy`, as it stands in a profile. */
export const roleAgentProcess = `"${roleAgentLauncher}" credentials deploy`;

/** Plain curl on the agent socket, as it stands in a profile. */
export function curlProcess(world: World): string {
  return `curl -s --fail-with-body --unix-socket ${world.socketPath} http://localhost/v1/credentials/deploy`;
}
