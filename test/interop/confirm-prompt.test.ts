import { describe, expect, it } from "vitest";
import { confirmConfig } from "../support/askpass.ts";
import { createWorld } from "../support/world.ts";
import { onTerminal } from "./support/terminal.ts";

const question = "y: yes, n: no; to the first of them";
const interrupt = "\u0003";

describe("role-agent status --watch on a terminal", () => {
  it.each([
    ["y", 0],
    ["n", 1],
  ])("takes the key %s for the question that it shows", async (key, code) => {
    const world = await createWorld();
    world.configure(confirmConfig());
    await world.startAgent();
    const asking = world.run("credentials", "deploy");
    const screen = await onTerminal(world.env, "status --watch", [
      [question, `x${key}`],
      ["", asking.then(() => interrupt)],
    ]);
    expect(screen).toMatch(/May this program have deploy\? .* \(\d+ s left\)\r\n/);
    expect(await asking).toMatchObject({ code });
    expect((await world.client.status()).confirmations).toEqual([]);
  });
});
