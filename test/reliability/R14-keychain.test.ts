import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createKeysWorld, type KeysWorld } from "../support/keys.ts";
import { childrenOf } from "../support/processes.ts";

/** What is promised to a person who waits. */
const patienceMs = 3000;

/** A session bus that takes every connection and never says a word, as a daemon that hangs. */
async function silentBus({ home, env }: KeysWorld): Promise<void> {
  const path = join(home, "bus");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => undefined).resume()));
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  env["DBUS_SESSION_BUS_ADDRESS"] = `unix:path=${path}`;
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

async function timed(
  ask: () => Promise<unknown>,
): Promise<{ readonly answer: unknown; readonly ms: number }> {
  const start = performance.now();
  const answer = await ask().catch((error: unknown) => error);
  return { answer, ms: performance.now() - start };
}

/** The processes that an agent has started, and those that they have. */
function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child].concat(childrenOf(child)));
}

/** Locked and unlocked keychains need one: test/interop/keychain.test.ts has them, and one that is stopped. */
describe("R14: a keychain that does not answer is said to be unavailable within 3 s, and keeps no other role waiting", () => {
  it("where it hangs: its reader is killed, sessions are issued, and the agent answers at once", async () => {
    const world = await createKeysWorld("", { store: "keychain" });
    await silentBus(world);
    const agent = await world.startAgent();
    const issued = await timed(() => world.client.credentials("deploy"));

    const asked = timed(() => world.client.credentials("keyed"));
    const waits: number[] = [];
    const over = new AbortController();
    const watched = (async () => {
      for (; !over.signal.aborted; await sleep(20)) waits.push((await timed(() => world.client.status())).ms);
    })();
    const refreshed = await timed(() => world.client.refresh("deploy"));
    const { answer, ms } = await asked;
    over.abort();
    await watched;

    expect(answer).toMatchObject({
      code: "KeychainUnavailable",
      message: expect.stringContaining('key "alice": the OS keychain did not answer'),
    });
    // The start of two processes is added on a busy machine: what another session took tells how much.
    expect(ms).toBeLessThan(patienceMs + 2 * issued.ms);
    expect(refreshed.answer).toMatchObject({ Version: 1 });
    expect(refreshed.ms).toBeLessThan(1000 + 2 * issued.ms);
    // The agent itself waits for nobody: half of its answers come at once, however busy the machine is.
    expect(waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(50);
    // Of what reads the keychain, nothing is left: only the issuer's child.
    await expect.poll(() => descendantsOf(agent.pid).length, { timeout: 20_000 }).toBeLessThanOrEqual(1);
  });

  it("where there is none", async () => {
    const world = await createKeysWorld("", { store: "keychain" });
    await world.startAgent();
    const issued = await timed(() => world.client.credentials("deploy"));
    const { answer, ms } = await timed(() => world.client.credentials("keyed"));
    expect(answer).toMatchObject({ code: "KeychainUnavailable" });
    expect(ms).toBeLessThan(patienceMs + 2 * issued.ms);
    expect((await world.client.refresh("deploy")).Version).toBe(1);
  });
});
