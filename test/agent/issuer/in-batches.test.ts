import { describe, expect, it } from "vitest";
import { inBatches } from "../../../packages/agent/src/issuer/child/in-batches.ts";

/** A store whose reads end when the test says so. */
function heldStore(): {
  readonly read: (name: string) => Promise<string | undefined>;
  readonly reads: { readonly names: readonly string[]; readonly end: (error?: Error) => void }[];
} {
  const reads: { names: readonly string[]; end: (error?: Error) => void }[] = [];
  const read = inBatches<string>(
    (names) =>
      new Promise((resolve, reject) => {
        const found = new Map(names.map((name) => [name, `${name}'s`]));
        found.delete("nobody");
        reads.push({ names, end: (error) => (error === undefined ? resolve(found) : reject(error)) });
      }),
  );
  return { read, reads };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("reads in batches", () => {
  it("serve all who ask at once, and each with their own", async () => {
    const { read, reads } = heldStore();
    const asked = Promise.all(["alice", "bob", "alice", "nobody"].map(read));
    await turns();
    expect(reads.map(({ names }) => names)).toEqual([["alice", "bob", "nobody"]]);
    reads[0]?.end();
    expect(await asked).toEqual(["alice's", "bob's", "alice's", undefined]);
  });

  it("are one at a time, and none serves who asked after it began", async () => {
    const { read, reads } = heldStore();
    const first = read("alice");
    await turns();
    const later = Promise.all([read("alice"), read("bob")]);
    await turns();
    expect(reads).toHaveLength(1);
    reads[0]?.end();
    await first;
    await turns();
    expect(reads.map(({ names }) => names)).toEqual([["alice"], ["alice", "bob"]]);
    reads[1]?.end();
    expect(await later).toEqual(["alice's", "bob's"]);
  });

  it("fail for who waits, too, and begin anew for who asks then", async () => {
    const { read, reads } = heldStore();
    const first = read("alice");
    await turns();
    const waiting = read("bob");
    const refused = Promise.all([first, waiting].map((asked) => expect(asked).rejects.toThrow("locked")));
    reads[0]?.end(new Error("locked"));
    await refused;
    const again = read("bob");
    await turns();
    expect(reads.map(({ names }) => names)).toEqual([["alice"], ["bob"]]);
    reads[1]?.end();
    expect(await again).toBe("bob's");
  });
});
