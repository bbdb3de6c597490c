import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { seal, sealKeyBytes, unseal } from "../../../packages/agent/src/session-cache/seal.ts";

const key = randomBytes(sealKeyBytes);
const place = { uid: 1000, socketPath: "/run/role-agent/agent.sock", configPath: "/home/a/config.toml" };
const text = Buffer.from('{"secretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}');

describe("a sealed text", () => {
  it("is opened by its key, at its place", () => {
    expect(unseal(seal(text, key, place), key, place)).toEqual(text);
  });

  it("shows nothing of what is in it, and is another each time", () => {
    const first = seal(text, key, place);
    expect(first.toString("latin1")).not.toContain("EXAMPLEKEY");
    const rest = first.subarray(first.indexOf("\n") + 1);
    expect(seal(text, key, place).subarray(-rest.length).equals(rest)).toBe(false);
  });

  it.each([
    ["another user", { ...place, uid: 1001 }],
    ["another socket", { ...place, socketPath: "/run/other.sock" }],
    ["another configuration file", { ...place, configPath: "/tmp/config.toml" }],
  ])("can't be opened for %s", (_what, other) => {
    expect(unseal(seal(text, key, place), key, other)).toBeUndefined();
  });

  it("can't be opened by another key", () => {
    expect(unseal(seal(text, key, place), randomBytes(sealKeyBytes), place)).toBeUndefined();
  });

  it("can't be opened with any bit turned, cut anywhere, or with something behind it", () => {
    const sealed = seal(text, key, place);
    for (let index = 0; index < sealed.length; index += 1) {
      const bent = Buffer.from(sealed);
      bent[index] = (bent[index] ?? 0) ^ 1;
      expect(unseal(bent, key, place)).toBeUndefined();
      expect(unseal(sealed.subarray(0, index), key, place)).toBeUndefined();
    }
    expect(unseal(Buffer.concat([sealed, Buffer.alloc(1)]), key, place)).toBeUndefined();
  });
});
