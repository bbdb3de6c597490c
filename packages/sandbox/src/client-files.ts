import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ClientFiles {
  configPath: string;
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
  return { configPath, remove: () => rm(directory, { recursive: true, force: true }) };
}
