import { chmodSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { inventory, listening, serveAt, squatters } from "../support/squatted-path.ts";
import { temporaryDirectory } from "../support/temporary.ts";

describe("T3: an agent names what is where its socket is to be, and touches nothing", () => {
  it.each(squatters)("$name", async ({ put, says, isDirectory }) => {
    const base = temporaryDirectory();
    const path = join(base, "role-agent", "agent.sock");
    if (isDirectory !== true) mkdirSync(dirname(path), { mode: 0o700 });
    await put(path);
    const before = inventory(base);
    const { code, stderr } = await serveAt(path);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(stderr).toContain(dirname(path));
    expect(stderr).toMatch(/^hint: /m);
    expect(inventory(base)).toEqual(before);
  });

  it("a live socket of the same user, which is taken for another agent's", async () => {
    const path = join(temporaryDirectory(), "agent.sock");
    await listening(path);
    const before = inventory(dirname(path));
    const { code, stderr } = await serveAt(path);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `role-agent: another agent already serves at ${path}\n`,
    });
    expect(inventory(dirname(path))).toEqual(before);
  });

  it("a directory beside which others may put things, so that they could swap it", async () => {
    const parent = join(temporaryDirectory(), "shared");
    mkdirSync(join(parent, "role-agent"), { recursive: true, mode: 0o700 });
    chmodSync(parent, 0o777);
    const before = inventory(parent);
    const { code, stderr } = await serveAt(join(parent, "role-agent", "agent.sock"));
    expect(code).toBe(2);
    expect(stderr).toContain(`socket directory ${parent} is writable by others (mode 0777`);
    expect(inventory(parent)).toEqual(before);
  });
});
