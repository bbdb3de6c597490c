import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ClientFiles {
  configPath: string;
  /** Where a role-agent of this sandbox's own listens, out of the way of the user's: it ends when the directory goes. */
  agentSocketPath: string;
  remove(): Promise<void>;
}

/**
 * An AWS config file and an empty credentials file beside it, in a new directory that only this user can
 * read.
 */
export async function writeClientFiles(config: string): Promise<ClientFiles> {
  const directory = await mkdtemp(join(tmpdir(), "role-agent-sandbox-"));
  const configPath = join(directory, "config");
  await writeFile(configPath, config, { mode: 0o600 });
  await writeFile(join(directory, "credentials"), "", { mode: 0o600 });
  const agentSocketPath = join(directory, "agent.sock");
  return { configPath, agentSocketPath, remove: () => rm(directory, { recursive: true, force: true }) };
}
