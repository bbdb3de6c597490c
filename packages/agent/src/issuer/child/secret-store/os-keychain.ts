import { AsyncEntry, findCredentialsAsync } from "@napi-rs/keyring";
import { RoleAgentError } from "@role-agent/provider/errors";
import { hasDesktop } from "../../has-desktop.ts";
import { fileHint, fromKeychainError } from "./keychain-error.ts";
import type { NamedSecret, SecretStore } from "./secret-store.ts";

const service = "role-agent";
/** Without this, the library slides to the kernel's keyring, and calls a locked or hung keychain an empty one. */
const options = { linux: { store: "secret-service" } } as const;
/** No name of a key has a space. */
const probeName = "unlock probe";

/**
 * macOS Keychain, Windows Credential Manager, or the Secret Service of Linux. It blocks the event loop for up to 2 s
 * where the keychain hangs, and listing may never end: only a process with a deadline of its own may use it.
 */
export function osKeychain(env: NodeJS.ProcessEnv): SecretStore {
  const attempt = async <Result>(action: () => Promise<Result>): Promise<Result> => {
    try {
      return await action();
    } catch (error) {
      throw error instanceof RoleAgentError ? error : fromKeychainError(error, hasDesktop(env));
    }
  };
  return {
    get: (name) => attempt(async () => (await entry(name).getPassword()) ?? undefined),
    set: (name, secret) => attempt(() => setAndCheck(name, secret)),
    delete: (name) => attempt(() => entry(name).deleteCredential()),
    find: () => attempt(findAll),
  };
}

function entry(name: string): AsyncEntry {
  return new AsyncEntry(service, name, options);
}

async function setAndCheck(name: string, secret: string): Promise<void> {
  await entry(name).setPassword(secret);
  if ((await entry(name).getPassword()) !== secret) {
    throw new RoleAgentError("KeychainUnavailable", "the OS keychain did not keep the key", {
      hint: fileHint,
    });
  }
}

/** The library's search knows no options, and no end: the probe says first whether the keychain answers. */
async function findAll(): Promise<NamedSecret[]> {
  await entry(probeName).getPassword();
  const found = await findCredentialsAsync(service).catch(unlockAndFind);
  return found
    .filter(({ account }) => account !== probeName)
    .map(({ account: name, password: secret }) => ({ name, secret }));
}

/** A search never asks for the keychain's password, but writing does. */
async function unlockAndFind(error: unknown): ReturnType<typeof findCredentialsAsync> {
  if (!(error instanceof Error && error.message.includes("IsLocked"))) throw error;
  await entry(probeName).setPassword("");
  await entry(probeName).deleteCredential();
  return findCredentialsAsync(service);
}
