import { RoleAgentError } from "@role-agent/provider/errors";
import { passphraseCredential } from "../../passphrase-credential.ts";
import { readSmallFile } from "../read-file.ts";

/** The passphrase that came with the job, else that of the systemd credential. */
export async function keyFilePassphrase(given: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const passphrase = given ?? (await fromCredential(passphraseCredential(env)));
  if (passphrase) return passphrase;
  throw new RoleAgentError("KeychainLocked", "the key file is locked: nobody gave its passphrase", {
    hint: "start the agent with --passphrase-fd N, or give it the systemd credential role-agent-passphrase",
    retryAfterSeconds: 1,
  });
}

async function fromCredential(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const bytes = await readSmallFile(path, "systemd credential");
  return bytes.toString("utf8").replace(/\r?\n$/, "");
}
