import { createServer, get, type Server } from "node:http";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import type { Estate } from "../../../packages/agent/src/handover/estate.ts";
import { startSuccessor, type Legacy } from "../../../packages/agent/src/handover/successor.ts";
import { untilGone } from "../../support/processes.ts";

const estate: Estate = {
  sessionPid: 1,
  imdsKey: Buffer.alloc(32).toString("base64"),
  roles: [],
  kept: [],
  lock: { usedAt: { wall: 0, mono: 0 }, wrongTries: 0 },
  isLockedWithScreen: false,
  sockets: [],
};

interface Heard {
  readonly legacy: Legacy;
  readonly agents: number[];
  readonly cleaned: number[];
}

function newLegacy(listener?: Server): Heard {
  const agents: number[] = [];
  const cleaned: number[] = [];
  const legacy: Legacy = {
    estate,
    listenerAt: () => listener,
    makeAgent: (pid) => agents.push(pid),
    cleanUp: (pid) => cleaned.push(pid),
    onSilenced: () => undefined,
  };
  return { legacy, agents, cleaned };
}

/** A program that is started as the successor. */
async function start(legacy: Legacy, program: string): Promise<void> {
  return startSuccessor(legacy, ["--eval", program]);
}

const askThen = (then: string): string =>
  `process.send({ wants: "estate" }); process.on("message", (message) => { ${then} });`;

it("a successor that says it is ready is the agent, and hears that it is", async () => {
  const { legacy, agents, cleaned } = newLegacy();
  const ready = askThen(`if (message.estate) process.send({ is: "ready" }); else process.disconnect();`);
  await start(legacy, ready);
  expect(agents).toHaveLength(1);
  expect(cleaned).toEqual([]);
  await untilGone(agents);
});

it.each<[what: string, program: string, why: string]>([
  ["ends at once", "", "ended by exit code 0"],
  ["ends with what it was left", askThen("process.exit(7);"), "ended by exit code 7"],
  ["is killed with it", askThen(`process.kill(process.pid, "SIGKILL");`), "ended by SIGKILL"],
  ["says why it can't", `process.send({ is: "failed", why: "the moon is full" });`, "the moon is full"],
  [
    "says what nobody understands",
    `process.send({ is: "king" }); setTimeout(() => {}, 60_000);`,
    "not understood",
  ],
])("one that %s is none, and what it left behind is removed", async (_what, program, why) => {
  const { legacy, agents, cleaned } = newLegacy();
  await expect(start(legacy, program)).rejects.toMatchObject({
    code: "InvalidRequest",
    message: expect.stringContaining(why),
  });
  expect(agents).toEqual([]);
  expect(cleaned).toHaveLength(1);
  await untilGone(cleaned);
});

it("one that dies with the door it was given leaves it to the agent before", async () => {
  const server = createServer((_request, response) => response.end("still here"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { legacy } = newLegacy(server);
  const program = `process.send({ wants: "listener", place: "door" });
    process.on("message", () => process.exit(9));`;
  await expect(start(legacy, program)).rejects.toMatchObject({
    message: expect.stringContaining("exit code 9"),
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const [response] = await once(get({ port: address.port, agent: false }), "response");
  expect(response.statusCode).toBe(200);
});

it("no secret of the estate is in the arguments or the environment of the successor", async () => {
  const secret = "opens-the-key-file";
  const { legacy } = newLegacy();
  const seen = `const { readFileSync } = require("node:fs");
    const all = readFileSync("/proc/self/environ", "utf8") + readFileSync("/proc/self/cmdline", "utf8");`;
  const program = `${seen} ${askThen(`process.send({ is: "failed", why: String(all.includes(message.estate.passphrase)) });`)}`;
  await expect(
    start({ ...legacy, estate: { ...estate, passphrase: secret } }, program),
  ).rejects.toMatchObject({
    message: expect.stringContaining("false"),
  });
});
