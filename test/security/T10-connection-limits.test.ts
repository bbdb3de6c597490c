import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentClient } from "@role-agent/provider";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, serveCommand } from "../support/agent-process.ts";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { sendRaw, type RawPlace } from "../support/raw-http.ts";
import { createRole, createWorld, type World } from "../support/world.ts";

/** So few that each of two doors may have 16 connections. */
const descriptors = 128;
const clientsOfDoor = 16;
const clientsOfAgent = 32;

interface Limited {
  readonly world: World;
  readonly agent: AgentProcess;
  /** Of the restricted socket, which serves `ci`. */
  readonly path: string;
  /** Of the container endpoint, which serves `deploy`. */
  readonly tcp: { readonly host: string; readonly port: number };
  /** The beginning of a request to it. */
  readonly head: string;
  readonly token: string;
}

/** Asks without a pause until the test is over, on a new connection whenever it loses one. */
class RestlessClient {
  answers = 0;
  readonly #place: RawPlace;
  readonly #request: string;
  #isOver = false;
  #socket: Socket | undefined;

  constructor(place: RawPlace, request: string) {
    this.#place = place;
    this.#request = request;
    onTestFinished(() => {
      this.#isOver = true;
      this.#socket?.destroy();
    });
    this.#connect();
  }

  #connect(): void {
    if (this.#isOver) return;
    const socket = connect(typeof this.#place === "string" ? { path: this.#place } : this.#place);
    this.#socket = socket;
    socket.on("connect", () => socket.write(this.#request));
    socket.on("data", () => {
      this.answers += 1;
      socket.write(this.#request);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => setImmediate(() => this.#connect()));
  }
}

/** Many clients, which send this and stay: ten times as many as a door may have. */
async function flood(place: RawPlace, sent: string, clients = 10 * clientsOfDoor): Promise<void> {
  const open = async (): Promise<Socket> => {
    const socket = connect(typeof place === "string" ? { path: place } : place);
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined).resume();
    await once(socket, "connect");
    socket.write(sent);
    return socket;
  };
  await Promise.all(Array.from({ length: clients }, open));
}

/** A world with an agent that may open few descriptors, and one endpoint for each of two roles. */
async function limitedWorld(): Promise<Limited> {
  const world = await createWorld();
  await createRole(world.sandbox, "Ci");
  const path = join(world.home, "shared", "app.sock");
  world.configure(twoRoles + endpoint("container", "127.0.0.1:0", "deploy") + endpoint("socket", path, "ci"));
  const agent = new AgentProcess(world.env, world.socketPath, [
    "/bin/sh",
    "-c",
    `ulimit -n ${descriptors} && exec "$@"`,
    "sh",
    ...serveCommand,
    // Its descriptors are counted.
    "--unsafe-debug",
  ]);
  onTestFinished(async () => void (await agent.end("SIGKILL")));
  await agent.ready();
  const [door] = await endpointsOf(world, 2);
  await allFresh(world);
  if (door === undefined) throw new Error("there is no endpoint");
  const [host = "", port] = door.address.split(":");
  const token = readFileSync(roleOf(door, "deploy").tokenFile, "utf8");
  const head = `GET /v1/credentials HTTP/1.1\r\nHost: ${door.address}\r\n`;
  return { world, agent, path, tcp: { host, port: Number(port) }, head, token };
}

/** How long the slowest answer took to those that have a right to one: in the best of three rounds, on a busy machine. */
async function slowestMs(limited: Limited): Promise<number> {
  const rounds = [
    await slowestOfRound(limited),
    await slowestOfRound(limited),
    await slowestOfRound(limited),
  ];
  return Math.min(...rounds);
}

/** Asks at both endpoints, and as the owner. */
async function slowestOfRound({ world, path, tcp, head, token }: Limited): Promise<number> {
  let slowest = 0;
  const timed = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    const start = performance.now();
    const answer = await ask();
    slowest = Math.max(slowest, performance.now() - start);
    return answer;
  };
  const right = `${head}Authorization: ${token}\r\nConnection: close\r\n\r\n`;
  expect(await timed(async () => sendRaw(tcp, right))).toMatchObject({ status: 200 });
  expect((await timed(async () => new AgentClient({ socketPath: path }).credentials("ci"))).Version).toBe(1);
  expect((await timed(async () => world.client.credentials("ci"))).Version).toBe(1);
  await timed(async () => world.client.status());
  await timed(async () => world.client.reload());
  return slowest;
}

const wanted = "GET /v1/credentials/ci HTTP/1.1\r\nHost: localhost\r\n\r\n";

describe("T10: clients keep neither others nor the owner waiting for a second", () => {
  it("by ten times the connections that each door may have", async () => {
    const limited = await limitedWorld();
    const { world, agent, path, tcp, head } = limited;
    await flood(tcp, "");
    await flood(tcp, `${head}Authorization: none\r\n\r\n`);
    await flood(tcp, `${head.replace("GET", "PUT")}Content-Length: 100\r\n\r\n`);
    await flood(tcp, head);
    await flood(path, wanted);
    expect(await slowestMs(limited)).toBeLessThan(1000);
    // The issuer has its descriptors, too.
    expect((await world.client.refresh("ci")).Version).toBe(1);
    if (process.platform === "linux")
      expect(readdirSync(`/proc/${agent.pid}/fd`).length).toBeLessThan(descriptors - 30);
    expect(agent.log).not.toMatch(/EMFILE|ENFILE/);
  });

  it("by asking again as soon as they are answered", async () => {
    const limited = await limitedWorld();
    const { path, tcp, head, token } = limited;
    const right = `${head}Authorization: ${token}\r\n\r\n`;
    const asking = [
      ...Array.from({ length: clientsOfDoor }, () => new RestlessClient(path, wanted)),
      ...Array.from({ length: clientsOfDoor }, () => new RestlessClient(tcp, right)),
      ...Array.from({ length: 4 }, () => new RestlessClient(tcp, right.replace(token, "none"))),
    ];
    while (asking.some(({ answers }) => answers < 20)) await sleep(10);
    expect(await slowestMs(limited)).toBeLessThan(1000);
  });

  it("by ten times the connections that the agent socket may have", async () => {
    const limited = await limitedWorld();
    const { world, agent } = limited;
    const stopping = "POST /v1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n";
    const events = "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (const sent of ["", wanted.slice(0, 20), stopping, wanted, events])
      await flood(world.socketPath, sent, 10 * clientsOfAgent);
    expect(await slowestMs(limited)).toBeLessThan(1000);
    expect((await world.client.refresh("ci")).Version).toBe(1);
    expect(agent.log).not.toMatch(/EMFILE|ENFILE/);
  });
});
