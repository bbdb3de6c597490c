import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { codeOf } from "../../../core/error-code.ts";
import { readSecretFile } from "../read-file.ts";
import { fromAgeError, unusable } from "./age-error.ts";
import { BeingReplaced, replaceFile } from "./replace-file.ts";
import type { SecretStore } from "./secret-store.ts";

/** A line of an age identity file, instead of a passphrase: opened in milliseconds, where scrypt takes a second. */
const identityPattern = /^AGE-SECRET-KEY-1[0-9A-Z]+$/;

const contents = v.map(v.string(), v.string());
type Secrets = v.InferOutput<typeof contents>;

/**
 * A file of secrets, encrypted by age with a passphrase or to the recipient of an X25519 identity. `age -d` opens it.
 * @see https://age-encryption.org/v1
 */
export function ageFile(path: string, passphrase: string): SecretStore {
  const decrypter = decrypterFor(path, passphrase);
  const read = async (): Promise<Secrets> => ((await exists(path)) ? decrypt(path, decrypter) : new Map());
  return {
    get: async (name) => (await read()).get(name),
    find: async () => [...(await read())].map(([name, secret]) => ({ name, secret })),
    set: (name, secret) => replace(path, async () => encrypt((await read()).set(name, secret), passphrase)),
    delete: async (name) => {
      let wasThere = false;
      await replace(path, async () => {
        const secrets = await read();
        wasThere = secrets.delete(name);
        return wasThere ? encrypt(secrets, passphrase) : undefined;
      });
      return wasThere;
    },
  };
}

async function exists(path: string): Promise<boolean> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unusable(path, "can't be read", "check the permissions of its directory", error);
  });
  if (stats !== undefined) checkFile(path, stats);
  return stats !== undefined;
}

function checkFile(path: string, stats: Stats): void {
  if (!stats.isFile()) throw unusable(path, "is no regular file", "move it away");
  const uid = process.geteuid?.();
  if (uid !== undefined && stats.uid !== uid) {
    throw unusable(path, `belongs to another user (uid ${stats.uid})`, "keep keys in a file of your own");
  }
}

function decrypterFor(path: string, passphrase: string): Decrypter {
  const decrypter = new Decrypter();
  if (!identityPattern.test(passphrase)) {
    decrypter.addPassphrase(passphrase);
    return decrypter;
  }
  try {
    decrypter.addIdentity(passphrase);
    return decrypter;
  } catch {
    // The library's error holds the identity.
    throw unusable(
      path,
      "needs another age identity: this one is malformed",
      "give the whole AGE-SECRET-KEY-1… line",
    );
  }
}

async function decrypt(path: string, decrypter: Decrypter): Promise<Secrets> {
  const file = await readSecretFile(path, "key file");
  try {
    const text = await decrypter.decrypt(file, "text");
    return v.parse(contents, new Map(Object.entries(JSON.parse(text))));
  } catch (error) {
    throw fromAgeError(error, path);
  }
}

async function encrypt(secrets: Secrets, passphrase: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  if (identityPattern.test(passphrase)) encrypter.addRecipient(await identityToRecipient(passphrase));
  else encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(JSON.stringify(Object.fromEntries(secrets)));
}

async function replace(path: string, makeContents: () => Promise<Uint8Array | undefined>): Promise<void> {
  try {
    await replaceFile(path, makeContents);
  } catch (error) {
    throw error instanceof RoleAgentError ? error : unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): RoleAgentError {
  if (error instanceof BeingReplaced) {
    return unusable(path, "is being written by another command", "try again in a minute", error);
  }
  const code = codeOf(error);
  return unusable(path, `can't be written: ${code}`, "check its directory and the space on its disk", error);
}
