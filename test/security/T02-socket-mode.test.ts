import { createServer } from "node:http";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { listenOnSocket } from "../../packages/agent/src/system/socket.ts";
import { prepareSharedDirectory } from "../../packages/agent/src/system/socket-directory.ts";
import { endpoint, endpointsOf } from "../support/endpoints.ts";
import { watchModes } from "../support/mode-watch.ts";
import { endAgent } from "../support/processes.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { createWorld, deployConfig } from "../support/world.ts";

describe("T2: there is no moment in which another user could connect to the socket", () => {
  it("in hundreds of starts and stops", async () => {
    const base = temporaryDirectory();
    const mask = process.umask(0);
    try {
      const watch = await watchModes(base);
      for (let cycle = 0; cycle < 200 || !watch.hasSeenEnough(); cycle += 1) {
        const isShared = cycle % 2 === 1;
        const directory = join(base, String(cycle));
        const server = createServer();
        const socket = await listenOnSocket(
          server,
          join(directory, "agent.sock"),
          ...(isShared ? [prepareSharedDirectory] : []),
        );
        socket.unpublish();
        server.close();
        rmSync(directory, { recursive: true });
        // So that the watch is heard.
        await setImmediate();
      }
      expect(await watch.stop()).toEqual({ directories: ["700"], sockets: ["600"], files: [] });
    } finally {
      process.umask(mask);
    }
  });

  it("while an agent starts with a lax umask, is restarted and killed, and the next one takes over", async () => {
    const world = await createWorld();
    const watched = join(world.home, "run");
    const shared = join(world.home, "run", "shared");
    mkdirSync(shared, { mode: 0o700 });
    world.configure(deployConfig + endpoint("socket", join(shared, "app.sock"), "deploy"));
    const mask = process.umask(0);
    try {
      const watch = await watchModes(watched);
      for (const end of ["SIGKILL", "SIGTERM"] as const) {
        const agent = await world.startAgent();
        await endpointsOf(world, 1);
        while (!watch.hasSeenEnough()) await sleep(10);
        await agent.end(end);
      }
      expect((await world.run("start")).code).toBe(0);
      const { pid } = await world.client.status();
      expect((await world.run("restart")).code).toBe(0);
      expect((await world.client.status()).pid).not.toBe(pid);
      await endAgent(world.client);
      expect(await watch.stop()).toMatchObject({ directories: ["700"], sockets: ["600"] });
    } finally {
      process.umask(mask);
    }
  });
});
