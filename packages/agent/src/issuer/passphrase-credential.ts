import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The path of the systemd credential `role-agent-passphrase`, which opens the encrypted key file, if there is one: a
 * service may have others alone.
 * @see https://systemd.io/CREDENTIALS/
 */
export function passphraseCredential({
  CREDENTIALS_DIRECTORY: directory,
}: NodeJS.ProcessEnv): string | undefined {
  if (!directory) return undefined;
  const path = join(directory, "role-agent-passphrase");
  return existsSync(path) ? path : undefined;
}
