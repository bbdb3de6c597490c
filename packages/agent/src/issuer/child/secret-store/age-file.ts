import type { Stats } from "node:fs";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { printable } from "../../../core/printable.ts";
import { readSecretFile } from "../read-file.ts";
import { fromAgeError, unusable } from "./age-error.ts";
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
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
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

/** Writes the file anew, whole or not at all. The new file's fixed name keeps a second writer out meanwhile. */
async function replace(path: string, makeContents: () => Promise<Uint8Array | undefined>): Promise<void> {
  const newPath = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(newPath, "wx", 0o600);
    let isReplaced = false;
    try {
      const bytes = await makeContents();
      if (bytes === undefined) return;
      await file.writeFile(bytes);
      await file.sync();
      await rename(newPath, path);
      isReplaced = true;
    } finally {
      await file.close();
      if (!isReplaced) await rm(newPath, { force: true });
    }
  } catch (error) {
    throw error instanceof RoleAgentError ? error : unwritable(path, newPath, error);
  }
}

function unwritable(path: string, newPath: string, error: unknown): RoleAgentError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return code === "EEXIST"
    ? unusable(
        path,
        "is being written by another command",
        `if none is running, remove ${printable(newPath)}`,
        error,
      )
    : unusable(path, `can't be written: ${code}`, "check its directory and the space on its disk", error);
}
