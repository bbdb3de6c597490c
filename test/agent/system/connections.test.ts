import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Connections } from "../../../packages/agent/src/system/connections.ts";

async function serverWithConnections(): Promise<{ server: Server; connections: Connections }> {
  const server = createServer((_request, response) => response.end("served"));
  const connections = new Connections(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, connections };
}

async function client(server: Server): Promise<Socket> {
  const address = server.address();
  const socket = connect(typeof address === "object" ? (address?.port ?? 0) : 0, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** What comes back for a request, until the end where the server closes. */
async function answerOf(socket: Socket): Promise<string> {
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  return new Promise((resolve) => {
    socket.once("data", (chunk) => resolve(chunk.toString()));
    socket.once("close", () => resolve(""));
  });
}

test("a client that is not admitted gets not one byte; the first is told of", async () => {
  const { server, connections } = await serverWithConnections();
  const told: string[] = [];
  connections.admitOnly(
    () => false,
    (address) => told.push(address),
  );
  for (const _ of [1, 2]) expect(await answerOf(await client(server))).toBe("");
  expect(told).toEqual(["127.0.0.1"]);
});

test("a client that is no longer admitted loses its connection", async () => {
  const { server, connections } = await serverWithConnections();
  const socket = await client(server);
  expect(await answerOf(socket)).toContain("served");
  const closed = once(socket, "close");
  connections.admitOnly(
    () => false,
    () => undefined,
  );
  await closed;
});
