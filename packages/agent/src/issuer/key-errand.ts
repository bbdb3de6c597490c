import * as v from "valibot";
import type { KeyStoreName } from "../core/role.ts";

/** Module of the child that opens the keychain or the key file, one task a process: either may hang. */
export const keyErrandModule: URL = new URL("child/keys.js", import.meta.url);

/** How long a person may take to unlock the keychain for a command. */
export const interactiveDeadlineMs = 60_000;

/** A long-term access key. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What is to be done with the keys of a store. */
export interface KeyJob {
  readonly store: KeyStoreName;
  /** Opens the key file; else a systemd credential does. */
  readonly passphrase?: string;
  readonly task: KeyTask;
}

export type KeyTask =
  | { readonly type: "get"; readonly names: readonly string[] }
  | { readonly type: "remove"; readonly name: string }
  | { readonly type: "add"; readonly name: string; readonly key: AccessKey }
  | { readonly type: "list" }
  /** The key that seals a session cache; a new one where there is none. */
  | { readonly type: "cache-key"; readonly name: string };

/** What AWS makes of both: ids of 16 to 128 word characters, secrets of printable ASCII. */
export const accessKeySchema: v.GenericSchema<unknown, AccessKey> = v.object({
  accessKeyId: v.pipe(v.string(), v.regex(/^\w{16,128}$/)),
  secretAccessKey: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{16,256}$/)),
});

/** A key by its name, `null` where its entry holds none. */
export type FoundKey = readonly [name: string, key: AccessKey | null];

/** Answer to `get`: those that there are. */
export const foundKeys: v.GenericSchema<unknown, FoundKey[]> = v.array(
  v.tuple([v.string(), v.nullable(accessKeySchema)]),
);

const name = v.string();

/** Checks a job where it arrives. */
export const keyJob: v.GenericSchema<unknown, KeyJob> = v.object({
  store: v.picklist(["keychain", "file"]),
  passphrase: v.exactOptional(v.string()),
  task: v.variant("type", [
    v.object({ type: v.literal("get"), names: v.array(name) }),
    v.object({ type: v.literal("remove"), name }),
    v.object({ type: v.literal("add"), name, key: accessKeySchema }),
    v.object({ type: v.literal("list") }),
    v.object({ type: v.literal("cache-key"), name }),
  ]),
});

/** One key in the answer to `list`; the id is `null` where the entry is not readable. */
export interface ListedKey {
  readonly name: string;
  readonly accessKeyId: string | null;
}

/** Answer to `list`, by name. */
export const keyList: v.GenericSchema<unknown, ListedKey[]> = v.array(
  v.object({ name: v.string(), accessKeyId: v.nullable(v.string()) }),
);

/** Answer to `add`. */
export const kept: v.GenericSchema<unknown, null> = v.null();

/** Answer to `remove`: whether there was such a key. */
export const wasThere: v.GenericSchema<unknown, boolean> = v.boolean();

/** Names of keys that seal session caches begin with it. No name of an access key has a space. */
export const cacheKeyPrefix = "session cache ";

/** Answer to `cache-key`: 32 bytes, base64. */
export const cacheKeySchema: v.GenericSchema<unknown, string> = v.pipe(v.string(), v.base64(), v.length(44));
