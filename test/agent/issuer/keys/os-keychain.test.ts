import { describe, expect, it, vi } from "vitest";
import { osKeychain } from "../../../../packages/agent/src/issuer/child/secret-store/os-keychain.ts";

/** A keychain that takes everything and keeps nothing. */
vi.mock("@napi-rs/keyring", () => ({
  AsyncEntry: class {
    async setPassword(): Promise<void> {}
    async getPassword(): Promise<undefined> {}
  },
}));

describe("the OS keychain", () => {
  it("that did not keep a key is said to, with what to do", async () => {
    await expect(osKeychain({}).set("alice", "secret")).rejects.toMatchObject({
      code: "KeychainUnavailable",
      message: "the OS keychain did not keep the key",
      hint: expect.stringContaining('key_store = "file"'),
    });
  });
});
