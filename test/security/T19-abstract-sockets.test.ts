import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentClient, fromRoleAgent } from "@role-agent/provider";
import { describe, expect, it, onTestFinished } from "vitest";
import { listenOnSocket } from "../../packages/agent/src/system/socket.ts";
import { AgentProcess, serveCommand } from "../support/agent-process.ts";
import { openDoors } from "../support/attacked-doors.ts";
import { childrenOf } from "../support/processes.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { createWorld } from "../support/world.ts";

/** Where Unix sockets of processes listen or are bound: paths, and names that start with `@`, which have no owner. */
function boundBy(pids: readonly number[]): readonly string[] {
  const own = new Set(pids.flatMap(socketsOf));
  const lines = readFileSync("/proc/net/unix", "utf8").split("\n").slice(1);
  return lines.flatMap((line) => {
    const [, , , , , , inode = "", name] = line.trim().split(/\s+/);
    return own.has(inode) && name !== undefined ? [name] : [];
  });
}

function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, descriptor)))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

// No other system has such sockets.
describe.runIf(process.platform === "linux")(
  "T19: nothing is served at an abstract socket, where permissions mean nothing",
  () => {
    it("by a running agent and what it starts, whatever doors it has", async () => {
      // Its descriptors are looked at.
      const { world, agent } = await openDoors("--unsafe-debug");
      await world.client.refresh("deploy");
      const names = boundBy([agent.pid, ...childrenOf(agent.pid)]);
      // By the names that they had before they were published.
      expect(names.filter((name) => name.startsWith(join(world.home, "shared")))).toHaveLength(1);
      expect(names.filter((name) => !name.startsWith("/"))).toEqual([]);
    });

    it("by whatever name it is asked for, which is a path then, or refused", async () => {
      const world = await createWorld();
      const cwd = temporaryDirectory();
      const socketPath = join(cwd, "@role-agent");
      const agent = new AgentProcess(world.env, socketPath, [
        "/bin/sh",
        "-c",
        'cd "$0" && exec "$@" --unsafe-debug --socket @role-agent',
        cwd,
        ...serveCommand,
      ]);
      onTestFinished(async () => void (await agent.end("SIGKILL")));
      await agent.ready();
      expect(lstatSync(socketPath).isSocket()).toBe(true);
      expect(boundBy([agent.pid]).filter((name) => name.startsWith("@"))).toEqual([]);
      const refused = { code: "InvalidConfiguration", message: expect.stringContaining("has a NUL in it") };
      await expect(listenOnSocket(createHttpServer(), "\0role-agent")).rejects.toMatchObject(refused);
      await expect(listenOnSocket(createHttpServer(), join(cwd, "a\0b"))).rejects.toMatchObject(refused);
    });

    it("nor does a client go to one", async () => {
      const socketPath = `\0role-agent-${process.pid}`;
      let connections = 0;
      const server = createServer(() => (connections += 1)).listen(socketPath);
      onTestFinished(() => void server.close());
      await once(server, "listening");
      const refused = { code: "InvalidConfiguration", tryNextLink: false };
      expect(() => new AgentClient({ socketPath })).toThrow(expect.objectContaining(refused));
      await expect(fromRoleAgent({ role: "deploy", socketPath })()).rejects.toMatchObject(refused);
      expect(connections).toBe(0);
    });

    it("since only one file of the source listens at a path, and it checks that", () => {
      const root = fileURLToPath(new URL("../..", import.meta.url));
      const listed = execFileSync("git", ["ls-files", "packages/*/src/*.ts"], {
        cwd: root,
        encoding: "utf8",
      });
      const sources = listed.split("\n").filter((file) => file !== "" && existsSync(join(root, file)));
      expect(sources.length).toBeGreaterThan(200);
      const listening = sources.filter((file) =>
        /listen\(\{ path|\.listen\(\w*[pP]ath/.test(readFileSync(join(root, file), "utf8")),
      );
      expect(listening).toEqual(["packages/agent/src/system/socket.ts"]);
    });
  },
);
