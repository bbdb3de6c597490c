import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { KeeperTable } from "../../../packages/agent/src/core/keeper-table.ts";
import { Doors, type DoorsPlan } from "../../../packages/agent/src/doors/doors.ts";
import { RequestCounts } from "../../../packages/agent/src/metrics/request-counts.ts";
import { FakeClock } from "../../support/fake-clock.ts";

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
    log,
    lock: { use: () => undefined },
    audit: { used: () => undefined },
    observation: { metrics: async () => "", readiness: () => ({ ready: true, problems: [] }) },
    requestCounts: () => new RequestCounts(),
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
