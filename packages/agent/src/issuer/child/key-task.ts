import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { accessKeySchema, type AccessKey, type KeyTask, type ListedKey } from "../key-errand.ts";
import type { SecretStore } from "./secret-store/secret-store.ts";

/** An entry of a store: JSON `{accessKeyId, secretAccessKey}`. */
const entry = v.pipe(v.string(), v.parseJson(), accessKeySchema);

/** Does one task in a store; the answers are those of key-errand.ts. */
export async function keyTask(store: SecretStore, task: KeyTask): Promise<unknown> {
  switch (task.type) {
    case "get":
      return findKey(store, task.name);
    case "list":
      return listKeys(store);
    case "add":
      await store.set(task.name, JSON.stringify(task.key));
      return null;
    case "remove":
      return store.delete(task.name);
  }
}

async function findKey(store: SecretStore, name: string): Promise<AccessKey | null> {
  const secret = await store.get(name);
  if (secret === undefined) return null;
  const key = v.safeParse(entry, secret);
  if (key.success) return key.output;
  throw new RoleAgentError("InvalidConfiguration", "its entry holds no access key", {
    hint: `write it anew: role-agent keys add ${name}`,
  });
}

async function listKeys(store: SecretStore): Promise<ListedKey[]> {
  const found = (await store.find()).map(({ name, secret }) => {
    const key = v.safeParse(entry, secret);
    return { name, accessKeyId: key.success ? key.output.accessKeyId : null };
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
