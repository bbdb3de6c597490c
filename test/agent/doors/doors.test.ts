import { once } from "node:events";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { KeeperTable } from "../../../packages/agent/src/core/keeper-table.ts";
import { Doors, type DoorsPlan } from "../../../packages/agent/src/doors/doors.ts";
import { RequestCounts } from "../../../packages/agent/src/metrics/request-counts.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { sendRaw } from "../../support/raw-http.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** A port that a program has, and a plan of one door at it. */
async function takenPort(): Promise<{ program: Server; port: number; plan: DoorsPlan }> {
  const program = createServer().listen(0, "127.0.0.1");
  await once(program, "listening");
  onTestFinished(() => void program.close());
  const address = program.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const listen = { host: "127.0.0.1", port };
  return {
    program,
    port,
    plan: {
      endpoints: [{ type: "imds", listen, clientCidrs: [], role: "deploy", isV1Served: false }],
      roles: new Map(),
    },
  };
}

function newDoors(): { doors: Doors; clock: FakeClock; lines: string[] } {
  const clock = new FakeClock();
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const keepers = new KeeperTable({
    clock,
    issue: async (role) => Promise.reject(new Error(`nobody issues ${role.name}`)),
    onEvent: () => undefined,
    fileMark: () => "",
  });
  const log = { debug: note, info: note, warn: note, error: note };
  const doors = new Doors({
    keepers,
    clock,
    socketPath: "/nowhere/agent.sock",
    env: {},
    imdsKey: Buffer.alloc(32),
    log,
    lock: { use: () => undefined },
    audit: { used: () => undefined },
    observation: { metrics: async () => "", readiness: () => ({ ready: true, problems: [] }) },
    mayHave: () => undefined,
    requestCounts: () => new RequestCounts(),
    descriptors: 256,
  });
  onTestFinished(() => doors.close());
  return { doors, clock, lines };
}

/** Time for the next attempt, and for what the system says to it. */
async function oneAttempt(clock: FakeClock): Promise<void> {
  await clock.advance(2000);
  for (let turns = 0; turns < 10; turns += 1) await turn();
}

async function end(program: Server): Promise<void> {
  program.close();
  await once(program, "close");
}

it("a door that could not be opened opens by itself, and what was in its way is told once", async () => {
  const { program, port, plan } = await takenPort();
  const { doors, clock, lines } = newDoors();
  await doors.apply(plan);
  const [shut] = doors.status();
  for (let attempts = 0; attempts < 3; attempts += 1) await oneAttempt(clock);
  expect(doors.status()).toEqual([shut]);
  await end(program);
  await oneAttempt(clock);
  expect(doors.status()).toMatchObject([{ address: `127.0.0.1:${port}`, lastError: null }]);
  expect(lines).toEqual([
    expect.stringContaining("another program does"),
    `imds endpoint at 127.0.0.1:${port}`,
  ]);
});

it("a door that a reload has removed is not tried again", async () => {
  const { program, plan } = await takenPort();
  const { doors, clock, lines } = newDoors();
  await doors.apply(plan);
  await doors.apply({ ...plan, endpoints: [] });
  await end(program);
  await oneAttempt(clock);
  expect(doors.status()).toEqual([]);
  expect(lines).toHaveLength(1);
});

/** A plan of one restricted socket, and where it is. */
function socketPlan(): { directory: string; path: string; plan: DoorsPlan } {
  const directory = join(temporaryDirectory(), "shared");
  const path = join(directory, "app.sock");
  return {
    directory,
    path,
    plan: { endpoints: [{ type: "socket", path, roles: ["deploy"] }], roles: new Map() },
  };
}

/** What a client of the socket is answered; 0 where there is none. */
async function statusAt(path: string): Promise<number> {
  return (await sendRaw(path, "GET /v1/credentials/nobody HTTP/1.1\r\nHost: localhost\r\n\r\n")).status;
}

/** Time until the doors look again, and for what the system says to it. */
async function oneLook(clock: FakeClock): Promise<void> {
  await clock.advance(5000);
  for (let turns = 0; turns < 50; turns += 1) await turn();
}

describe("a socket that somebody removed", () => {
  it.each([
    ["alone", ({ path }: { path: string }) => rmSync(path)],
    ["with its directory", ({ directory }: { directory: string }) => rmSync(directory, { recursive: true })],
  ])("%s is published again, and status tells meanwhile", async (_how, remove) => {
    const { directory, path, plan } = socketPlan();
    const { doors, clock, lines } = newDoors();
    await doors.apply(plan);
    expect(await statusAt(path)).toBe(404);
    remove({ directory, path });
    expect(doors.status()).toMatchObject([
      {
        address: path,
        lastError: { code: "InvalidConfiguration", message: `${path} was removed or replaced` },
      },
    ]);
    await oneLook(clock);
    expect(doors.status()).toMatchObject([{ address: path, lastError: null }]);
    expect(await statusAt(path)).toBe(404);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(lines).toEqual([
      `socket endpoint at ${path}`,
      `socket endpoint: ${path} was removed or replaced`,
      `socket endpoint at ${path}`,
    ]);
  });

  it("is published again by a reload at once, and as often as it is removed", async () => {
    const { path, plan } = socketPlan();
    const { doors } = newDoors();
    await doors.apply(plan);
    for (let times = 0; times < 3; times += 1) {
      rmSync(path);
      await doors.apply(plan);
      expect(await statusAt(path)).toBe(404);
    }
  });

  it("gives way to what took its place, and comes back when that has gone", async () => {
    const { path, plan } = socketPlan();
    const { doors, clock } = newDoors();
    await doors.apply(plan);
    rmSync(path);
    writeFileSync(path, "somebody's");
    await oneLook(clock);
    expect(doors.status()).toMatchObject([
      { lastError: { message: expect.stringContaining("is there already") } },
    ]);
    expect(readFileSync(path, "utf8")).toBe("somebody's");
    rmSync(path);
    await oneLook(clock);
    expect(doors.status()).toMatchObject([{ lastError: null }]);
    expect(await statusAt(path)).toBe(404);
  });

  it("leaves the clients that were connected their connection until they are answered", async () => {
    const { path, plan } = socketPlan();
    const { doors, clock } = newDoors();
    await doors.apply(plan);
    const client = connect({ path });
    onTestFinished(() => void client.destroy());
    await once(client, "connect");
    client.write("GET /v1/credentials/nobody HTTP/1.1\r\n");
    await turn();
    rmSync(path);
    await oneLook(clock);
    const answered = once(client, "data");
    client.write("Host: localhost\r\n\r\n");
    expect(String(await answered)).toContain("404");
  });
});
