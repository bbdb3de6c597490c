import { EventEmitter, once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { Connections } from "../../../packages/agent/src/system/connections.ts";

/** Answers at once, or while it holds only when it is told to. */
class Answers {
  readonly #held: ServerResponse[] = [];
  readonly #events = new EventEmitter();
  #isHolding = false;

  answer(response: ServerResponse): void {
    if (response.req.method !== "GET") return;
    if (!this.#isHolding) return void response.end("served");
    this.#held.push(response);
    this.#events.emit("asked");
  }

  hold(): void {
    this.#isHolding = true;
  }

  /** Answers at once again, but not to those that wait. */
  release(): void {
    this.#isHolding = false;
  }

  give(): void {
    for (const response of this.#held) response.end("served");
  }

  async asked(): Promise<void> {
    if (this.#held.length === 0) await once(this.#events, "asked");
  }
}

interface Served {
  readonly server: Server;
  readonly connections: Connections;
  readonly answers: Answers;
}

async function serverWithConnections(): Promise<Served> {
  const answers = new Answers();
  const server = createServer((_request, response) => answers.answer(response));
  const connections = new Connections(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, connections, answers };
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

describe("a server with as many clients as it keeps", () => {
  it("takes a newcomer, and drops the one whose answer is longest ago", async () => {
    const { server, connections } = await serverWithConnections();
    let dropped = 0;
    connections.keepAtMost(3, () => (dropped += 1));
    const silent = await client(server);
    const first = await client(server);
    const second = await client(server);
    for (const each of [first, second, first]) expect(await answerOf(each)).toContain("served");
    const gone = once(second, "close");
    const newcomer = await client(server);
    await gone;
    for (const each of [first, silent, newcomer]) expect(await answerOf(each)).toContain("served");
    expect(dropped).toBe(1);
  });

  it("drops none that has yet to ask for the sake of those that ask again and again", async () => {
    const { server, connections } = await serverWithConnections();
    connections.keepAtMost(3, () => undefined);
    const slow = await client(server);
    for (let clients = 0; clients < 5; clients += 1) {
      const restless = await client(server);
      for (let times = 0; times < 3; times += 1) expect(await answerOf(restless)).toContain("served");
    }
    expect(await answerOf(slow)).toContain("served");
  });

  it("takes one that announces a body, and does not send it, for one that has not asked", async () => {
    const { server, connections } = await serverWithConnections();
    connections.keepAtMost(2, () => undefined);
    const bodiless = await client(server);
    bodiless.write("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
    const gone = once(bodiless, "close");
    const silent = await client(server);
    const newcomer = await client(server);
    await gone;
    for (const each of [silent, newcomer]) expect(await answerOf(each)).toContain("served");
  });

  it("lets those that wait for an answer wait on, as long as others do nothing", async () => {
    const { server, connections, answers } = await serverWithConnections();
    connections.keepAtMost(2, () => undefined);
    answers.hold();
    const waiting = await client(server);
    const answer = answerOf(waiting);
    await answers.asked();
    for (let newcomers = 0; newcomers < 5; newcomers += 1) await client(server);
    answers.give();
    expect(await answer).toContain("served");
  });

  it("drops the one that has waited longest where all wait", async () => {
    const { server, connections, answers } = await serverWithConnections();
    connections.keepAtMost(1, () => undefined);
    answers.hold();
    const waiting = await client(server);
    const answer = answerOf(waiting);
    await answers.asked();
    answers.release();
    expect(await answerOf(await client(server))).toContain("served");
    expect(await answer).toBe("");
  });

  it("drops those that are too many once it keeps fewer", async () => {
    const { server, connections } = await serverWithConnections();
    const clients = [await client(server), await client(server), await client(server)];
    for (const each of clients) expect(await answerOf(each)).toContain("served");
    const gone = clients.slice(0, 2).map(async (each) => once(each, "close"));
    connections.keepAtMost(1, () => undefined);
    await Promise.all(gone);
    expect(await answerOf(clients[2] ?? (await client(server)))).toContain("served");
  });
});
