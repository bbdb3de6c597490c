import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { auditLines, untilAudited } from "../support/audit-log.ts";
import { createWorld, deployConfig } from "../support/world.ts";

/** A file system of 64 KiB. Only root may make one. */
function tinyDisk(path: string): void {
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", path]);
  onTestFinished(() => void execFileSync("umount", [path]));
}

describe("the audit log on a full disk", () => {
  it("loses lines and tells how many, while clients are served; none that is there is torn", async () => {
    const world = await createWorld();
    const disk = join(world.home, "disk");
    tinyDisk(disk);
    const path = join(disk, "audit.log");
    world.configure(`[agent]\naudit_log = "${path}"\n${deployConfig}`);
    const agent = await world.startAgent();
    await untilAudited(path, 1, "started");
    writeFileSync(join(disk, "other"), "x".repeat(60 * 1024));
    for (let session = 0; session < 20; session += 1) await world.client.refresh("deploy");
    expect(agent.log).toMatch(/audit log: lines are lost, serving goes on: .*(?:full|ENOSPC)/);
    rmSync(join(disk, "other"));
    await world.client.refresh("deploy");
    await untilAudited(path, 1, "lost");
    // What is written next may be lost as well, and told of after it.
    const lost = (): number => auditLines(path, "lost").reduce((sum, { lines }) => sum + Number(lines), 0);
    const written = (): number => auditLines(path, "issued", "used", "refresh").length;
    await expect.poll(() => lost() + written()).toBe(21 * 3);
    expect(await agent.end()).toBe(0);
  });
});
