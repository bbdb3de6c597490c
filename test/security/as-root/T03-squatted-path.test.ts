import { chownSync, lchownSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceSocket } from "../../../packages/agent/src/system/socket.ts";
import { deadSocket, inventory, listening, serveAt, squatters } from "../../support/squatted-path.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { otherUid, requireRoot } from "./other-user.ts";

/** Gives away everything below a directory. */
function giveAway(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    lchownSync(path, otherUid, otherUid);
    if (lstatSync(path).isDirectory()) giveAway(path);
  }
}

async function expectRefused(base: string, path: string, says: RegExp): Promise<void> {
  const before = inventory(base);
  const { code, stderr } = await serveAt(path);
  expect(stderr).toMatch(says);
  expect(code).toBe(2);
  expect(inventory(base)).toEqual(before);
}

describe("T3: an agent names what another user has put where its socket is to be, and touches nothing", () => {
  it.each([
    ...squatters,
    {
      name: "a live socket",
      put: listening,
      says: /is there already, and is no socket of this user/,
      isDirectory: undefined,
    },
    {
      name: "a dead socket",
      put: deadSocket,
      says: /is there already, and is no socket of this user/,
      isDirectory: undefined,
    },
  ])("$name", async ({ put, says, isDirectory }) => {
    requireRoot();
    const base = temporaryDirectory();
    const path = join(base, "role-agent", "agent.sock");
    if (isDirectory !== true) mkdirSync(dirname(path), { mode: 0o700 });
    await put(path);
    giveAway(isDirectory === true ? base : dirname(path));
    const isAnyDirectory = isDirectory === true && lstatSync(dirname(path)).isDirectory();
    await expectRefused(base, path, isAnyDirectory ? /belongs to another user \(uid \d+\)/ : says);
  });

  it("the directory, in perfect order but for its owner", async () => {
    requireRoot();
    const base = temporaryDirectory();
    const path = join(base, "role-agent", "agent.sock");
    mkdirSync(dirname(path), { mode: 0o700 });
    giveAway(base);
    await expectRefused(base, path, new RegExp(`belongs to another user \\(uid ${otherUid}\\)`));
  });

  it("the directory above, whose owner could put another one in its place", async () => {
    requireRoot();
    const base = temporaryDirectory();
    const path = join(base, "their", "role-agent", "agent.sock");
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    chownSync(join(base, "their"), otherUid, otherUid);
    await expectRefused(base, path, new RegExp(`their belongs to another user \\(uid ${otherUid}\\)`));
  });

  it("the name that a successor's socket would have, in a directory that is shared", async () => {
    requireRoot();
    const base = temporaryDirectory();
    const [path, beside] = [join(base, "app.sock"), join(base, ".4711")];
    await listening(path);
    await listening(beside);
    lchownSync(beside, otherUid, otherUid);
    const before = inventory(base);
    replaceSocket(path, 4711);
    expect(inventory(base)).toEqual(before);
  });
});
