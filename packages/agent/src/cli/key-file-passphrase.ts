import { existsSync } from "node:fs";
import { RoleAgentError } from "@role-agent/provider/errors";
import { keyFilePath } from "../issuer/key-file-path.ts";
import { passphraseCredential } from "../issuer/passphrase-credential.ts";
import { askSecret, hasTerminal } from "../system/prompt.ts";
import { UsageError, type CommandCall } from "./command.ts";
import { passphraseFromDescriptor } from "./passphrase.ts";

/**
 * What opens the key file for a command: that of `--passphrase-fd`, else `undefined` where systemd gave its credential,
 * else what a person types. Throws `KeychainLocked` where there is no terminal.
 */
export async function commandPassphrase(call: CommandCall): Promise<string | undefined> {
  const given = passphraseFromDescriptor(call);
  if (given !== undefined || passphraseCredential(call.env) !== undefined) return given;
  if (!hasTerminal()) {
    throw new RoleAgentError(
      "KeychainLocked",
      "the key file is locked: there is no terminal to ask for its passphrase",
      {
        hint: "--passphrase-fd 3 3< FILE",
      },
    );
  }
  const path = keyFilePath(call.env);
  if (existsSync(path)) return askSecret(`passphrase of ${path}: `);
  if (call.operands[0] !== "add") {
    throw new RoleAgentError("InvalidConfiguration", `there is no key file ${path}`, {
      hint: "role-agent keys add NAME makes it",
    });
  }
  const passphrase = await askSecret(`passphrase for the new file ${path}: `);
  if (passphrase !== "" && passphrase === (await askSecret("once more: "))) return passphrase;
  throw new UsageError("the two passphrases are empty or differ");
}
