import { existsSync } from "node:fs";
import { join } from "node:path";
import { RoleAgentError } from "@role-agent/provider/errors";
import { readSmallFile } from "../read-file.ts";

/**
 * The passphrase that came with the job, else that of the systemd credential `role-agent-passphrase`.
 * @see https://systemd.io/CREDENTIALS/
 */
export async function keyFilePassphrase(given: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const passphrase = given ?? (await fromCredential(env["CREDENTIALS_DIRECTORY"]));
  if (passphrase) return passphrase;
  throw new RoleAgentError("KeychainLocked", "the key file is locked: nobody gave its passphrase", {
    hint: "start the agent with --passphrase-fd N, or give it the systemd credential role-agent-passphrase",
  });
}

async function fromCredential(directory: string | undefined): Promise<string | undefined> {
  if (!directory) return undefined;
  const path = join(directory, "role-agent-passphrase");
  if (!existsSync(path)) return undefined;
  const bytes = await readSmallFile(path, "systemd credential");
  return bytes.toString("utf8").replace(/\r?\n$/, "");
}
