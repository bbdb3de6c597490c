import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";
import { onTerminal } from "./support/terminal.ts";

describe("lock and unlock on a terminal", () => {
  it("ask for the passphrase, twice where it is new, and show it nowhere", async () => {
    const world = await createWorld();
    await world.startAgent();
    const locking = await onTerminal(world.env, "lock", [
      ["passphrase to unlock with", "a good one\r"],
      ["once more", "a good one\r"],
    ]);
    expect(locking).toMatch(/\r\nlocked\r\n/);
    const unlocking = await onTerminal(world.env, "unlock", [["passphrase", "a good one\r"]]);
    expect(unlocking).toMatch(/\r\nunlocked\r\n/);
    expect(locking + unlocking).not.toContain("good");
  });

  it("lock nothing where the two differ", async () => {
    const world = await createWorld();
    await world.startAgent();
    const screen = await onTerminal(world.env, "lock", [
      ["passphrase to unlock with", "one\r"],
      ["once more", "other\r"],
    ]);
    expect(screen).toContain("role-agent: the two passphrases differ");
    expect((await world.client.status()).lockedSince).toBeNull();
  });
});
