import { randomBytes } from "node:crypto";
import * as v from "valibot";
import {
  accessKeySchema,
  cacheKeyPrefix,
  cacheKeySchema,
  type FoundKey,
  type KeyTask,
  type ListedKey,
} from "../key-errand.ts";
import type { SecretStore } from "./secret-store/secret-store.ts";

/** An entry of a store: JSON `{accessKeyId, secretAccessKey}`. */
const entry = v.pipe(v.string(), v.parseJson(), accessKeySchema);

/** Does one task in a store; the answers are those of key-errand.ts. */
export async function keyTask(store: SecretStore, task: KeyTask): Promise<unknown> {
  switch (task.type) {
    case "get":
      return findKeys(store, task.names);
    case "list":
      return listKeys(store);
    case "add":
      await store.set(task.name, JSON.stringify(task.key));
      return null;
    case "remove":
      return store.delete(task.name);
    case "cache-key":
      return cacheKey(store, task.name);
  }
}

/** One after the other: a keychain that asks for its password does so once. */
async function findKeys(store: SecretStore, names: readonly string[]): Promise<FoundKey[]> {
  const found: FoundKey[] = [];
  for (const name of names) {
    const secret = await store.get(name);
    if (secret === undefined) continue;
    const key = v.safeParse(entry, secret);
    found.push([name, key.success ? key.output : null]);
  }
  return found;
}

async function listKeys(store: SecretStore): Promise<ListedKey[]> {
  const found = (await store.find())
    .filter(({ name }) => !name.startsWith(cacheKeyPrefix))
    .map(({ name, secret }) => {
      const key = v.safeParse(entry, secret);
      return { name, accessKeyId: key.success ? key.output.accessKeyId : null };
    });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One that is none is as good as none: nothing can be sealed by it. */
async function cacheKey(store: SecretStore, name: string): Promise<string> {
  const kept = await store.get(name);
  if (kept !== undefined && v.is(cacheKeySchema, kept)) return kept;
  const made = randomBytes(32).toString("base64");
  await store.set(name, made);
  return made;
}
