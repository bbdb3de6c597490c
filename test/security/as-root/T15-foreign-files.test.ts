import { chownSync, lchownSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createWorld } from "../../support/world.ts";
import { otherUid, requireRoot } from "./other-user.ts";

describe("T15: no file of another user, and none behind another user's link, decides what runs and who one is", () => {
  it.each([
    ["config.toml", ".config/role-agent/config.toml"],
    ["the AWS config", "aws-config"],
  ])("%s", async (_, name) => {
    requireRoot();
    const world = await createWorld();
    const path = join(world.home, name);
    if (name === "aws-config") world.configure("");
    chownSync(path, otherUid, otherUid);
    const owned = world.spawnAgent();
    expect(await owned.exited()).toBe(2);
    expect(owned.log).toContain(`${path}: is a file that belongs to another user (uid ${otherUid})`);

    chownSync(path, 0, 0);
    renameSync(path, join(world.home, "own"));
    symlinkSync(join(world.home, "own"), path);
    lchownSync(path, otherUid, otherUid);
    const linked = world.spawnAgent();
    expect(await linked.exited()).toBe(2);
    expect(linked.log).toContain(
      `${path}: is a symbolic link that belongs to another user (uid ${otherUid})`,
    );
  });
});
