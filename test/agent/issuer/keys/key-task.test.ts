import { describe, expect, it } from "vitest";
import { keyTask } from "../../../../packages/agent/src/issuer/child/key-task.ts";
import type { SecretStore } from "../../../../packages/agent/src/issuer/child/secret-store/secret-store.ts";

const key = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** A store in memory. */
function fakeStore(secrets: Map<string, string> = new Map()): SecretStore {
  return {
    get: async (name) => secrets.get(name),
    set: async (name, secret) => void secrets.set(name, secret),
    delete: async (name) => secrets.delete(name),
    find: async () => [...secrets].map(([name, secret]) => ({ name, secret })),
  };
}

describe("the keys of a store", () => {
  it("are added, found, listed by name without their secrets, and removed", async () => {
    const store = fakeStore();
    expect(await keyTask(store, { type: "get", names: ["bob"] })).toEqual([]);
    await keyTask(store, { type: "add", name: "bob", key });
    await keyTask(store, { type: "add", name: "alice", key });
    expect(await keyTask(store, { type: "get", names: ["bob", "carol", "alice"] })).toEqual([
      ["bob", key],
      ["alice", key],
    ]);
    expect(await keyTask(store, { type: "list" })).toEqual([
      { name: "alice", accessKeyId: key.accessKeyId },
      { name: "bob", accessKeyId: key.accessKeyId },
    ]);
    expect(await keyTask(store, { type: "remove", name: "bob" })).toBe(true);
    expect(await keyTask(store, { type: "remove", name: "bob" })).toBe(false);
  });

  it.each([
    "",
    "{",
    "null",
    '{"accessKeyId":"AKIAIOSFODNN7EXAMPLE"}',
    '{"accessKeyId":"a b","secretAccessKey":"x"}',
  ])("that are damaged (%j) are said to be, and never shown", async (secret) => {
    const store = fakeStore(new Map([["alice", secret]]));
    expect(await keyTask(store, { type: "get", names: ["alice"] })).toEqual([["alice", null]]);
    expect(await keyTask(store, { type: "list" })).toEqual([{ name: "alice", accessKeyId: null }]);
  });
});

describe("the key of a session cache", () => {
  const name = "session cache 0123456789abcdef";

  it("is made once, and no access key", async () => {
    const store = fakeStore();
    const made = await keyTask(store, { type: "cache-key", name });
    expect(Buffer.from(String(made), "base64")).toHaveLength(32);
    expect(await keyTask(store, { type: "cache-key", name })).toBe(made);
    expect(await keyTask(store, { type: "list" })).toEqual([]);
    expect(await keyTask(store, { type: "remove", name })).toBe(true);
    expect(await keyTask(store, { type: "cache-key", name })).not.toBe(made);
  });

  it.each(["", "AAAA", "!".repeat(44)])("that is none (%j) is replaced", async (secret) => {
    const store = fakeStore(new Map([[name, secret]]));
    expect(await keyTask(store, { type: "cache-key", name })).toMatch(/^[\w+/]{43}=$/);
  });
});
