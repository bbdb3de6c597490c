import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { identifyPeer } from "../../../packages/agent/src/system/peer.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const connects = `require("node:net").connect(process.argv[1]).resume()`;

async function listen(at: string | { readonly port: 0; readonly host: string }): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }).listen(at);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return server;
}

async function nextConnection(server: Server): Promise<Socket> {
  const [socket]: Socket[] = await once(server, "connection");
  if (socket === undefined) throw new Error("nobody connected");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  return socket;
}

function clientProcess(path: string): ChildProcess {
  const child = spawn(process.execPath, ["-e", connects, path], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

describe.runIf(process.platform === "linux")("the process at the other end of a Unix connection", () => {
  it("is told by its pid, uid and program", async () => {
    const path = join(temporaryDirectory(), "s");
    const server = await listen(path);
    const client = clientProcess(path);
    expect(identifyPeer(await nextConnection(server))).toMatchObject({
      pid: client.pid,
      uid: process.geteuid?.(),
      executable: realpathSync(process.execPath),
    });
  });

  it("has one id for all its connections, and another process another", async () => {
    const path = join(temporaryDirectory(), "s");
    const server = await listen(path);
    const ids: (string | undefined)[] = [];
    for (let times = 0; times < 2; times += 1) {
      const own = connect(path);
      onTestFinished(() => void own.destroy());
      ids.push(identifyPeer(await nextConnection(server))?.id);
    }
    clientProcess(path);
    const other = identifyPeer(await nextConnection(server))?.id;
    expect(ids[0]).toMatch(new RegExp(`^${process.pid}\\.\\d+$`));
    expect(ids[1]).toBe(ids[0]);
    expect(other).toMatch(/^\d+\.\d+$/);
    expect(other).not.toBe(ids[0]);
  });

  it("that has ended meanwhile is like no other, and has no program", async () => {
    const path = join(temporaryDirectory(), "s");
    const server = await listen(path);
    const first = clientProcess(path);
    const socket = await nextConnection(server);
    first.kill("SIGKILL");
    await once(first, "exit");
    const [identity, again] = [identifyPeer(socket), identifyPeer(socket)];
    expect(identity).toMatchObject({ pid: first.pid, uid: process.geteuid?.(), executable: undefined });
    expect(identity?.id).not.toBe(again?.id);
  });

  it("is not told on TCP", async () => {
    const server = await listen({ port: 0, host: "127.0.0.1" });
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const client = connect(port, "127.0.0.1");
    onTestFinished(() => void client.destroy());
    expect(identifyPeer(await nextConnection(server))).toBeUndefined();
  });
});
