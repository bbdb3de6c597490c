import { chownSync, lstatSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  cacheFiles,
  createCacheWorld,
  killedWithSession,
  untilLogged,
  untilSealed,
} from "../../support/session-cache.ts";

const nobody = 65_534;

describe("T20: a session cache that belongs to another user is no cache", () => {
  it("it is not read, not touched, and makes way for the agent's own", async () => {
    if (process.geteuid?.() !== 0) throw new Error("run this as root: it gives a file to another user");
    const world = await createCacheWorld();
    const id = await killedWithSession(world);
    const [file = ""] = cacheFiles(world);
    const bytes = readFileSync(file);
    chownSync(file, nobody, nobody);
    const agent = await world.startAgent();
    await untilLogged(agent, "session cache: ");
    expect(agent.log).toContain("is ignored: it belongs to another user (uid 65534)");
    expect([lstatSync(file).uid, readFileSync(file)]).toEqual([nobody, bytes]);
    await untilSealed(world, async () => world.client.credentials("deploy"));
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(id);
    expect(lstatSync(file).uid).toBe(0);
  });
});
