import { expect, it } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { connectMany } from "../support/connect-many.ts";
import { figuresOf } from "../support/process-figures.ts";
import { childrenOf } from "../support/processes.ts";
import { createWorld } from "../support/world.ts";

/** `ROLE_AGENT_SOAK_CONNECTIONS` makes it shorter, to try the test itself. */
const connections = Number(process.env["ROLE_AGENT_SOAK_CONNECTIONS"] ?? 1_000_000);
const rounds = 10;

it(`R15 unscaled: ${connections} connections, one of a hundred broken off, leave no descriptor behind`, async () => {
  const world = await createWorld();
  // Else nobody may count its descriptors.
  const agent = await world.startAgent("--unsafe-debug");
  await world.client.credentials("deploy");
  while (childrenOf(agent.pid).length > 0) await sleep(50);
  const before = figuresOf(agent.pid);
  const request = "GET /v1/credentials/deploy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  for (let round = 1; round <= rounds; round += 1) {
    const times = connections / rounds;
    const { answered } = await connectMany(world.socketPath, request, times);
    expect(answered).toBe(times * 0.99);
    const { descriptors, megabytes } = figuresOf(agent.pid);
    console.log(`${round * times}/${connections}: ${descriptors} fds, ${megabytes.toFixed(1)} MB`);
  }
  await expect.poll(() => figuresOf(agent.pid).descriptors, { timeout: 10_000 }).toBe(before.descriptors);
});
