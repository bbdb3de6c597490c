import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { RoleStatus } from "@role-agent/provider";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Endpoint } from "../../../packages/agent/src/endpoints/endpoint.ts";
import { refusal } from "../../../packages/agent/src/endpoints/guards.ts";
import { eventsRoute } from "../../../packages/agent/src/endpoints/events.ts";
import { RoleEvents } from "../../../packages/agent/src/role-events.ts";
import { httpServer } from "../../../packages/agent/src/system/http-server.ts";
import { exchange } from "../../support/raw-exchange.ts";
import { sendRaw } from "../../support/raw-http.ts";

async function portOf(endpoint: Endpoint): Promise<number> {
  const server = httpServer(endpoint).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const secret = new Error("the words of a library, with who knows what in them");

describe("an endpoint that fails", () => {
  it.each<[string, Endpoint]>([
    [
      "throws",
      () => {
        throw secret;
      },
    ],
    ["rejects", async () => Promise.reject(secret)],
  ])("answers 500 without the error's words where it %s, and goes on", async (_how, endpoint) => {
    const port = await portOf(endpoint);
    for (const _ of [1, 2]) {
      const answer = await sendRaw({ host: "127.0.0.1", port }, request);
      expect(answer).toMatchObject({ status: 500 });
      expect(answer.body).toContain("the agent failed to answer");
      expect(answer.body).not.toContain("who knows");
    }
  });
});

describe("events", () => {
  it("that come after the end reach nobody", async () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const events = new RoleEvents({ log, notify: () => undefined });
    const told: string[] = [];
    events.subscribe({ next: ({ type }) => told.push(type), end: () => told.push("end") });
    const port = await portOf(() => eventsRoute(events));
    const reader = connect(port, "127.0.0.1");
    onTestFinished(() => void reader.destroy());
    reader.write(request);
    await once(reader, "data");
    reader.pause();
    events.end();
    const role: RoleStatus = {
      name: "deploy",
      roleArn: null,
      state: "expired",
      accessKeyId: null,
      expiration: null,
      nextRenewal: null,
      lastError: null,
    };
    events.report("expired", role, "2026-11-24T12:00:00Z");
    expect(told).toEqual(["end"]);
  });

  it.each<[string, (reader: Socket) => void]>([
    ["at once", (reader) => reader.destroy()],
    ["when it has read the first", (reader) => void reader.once("data", () => reader.destroy())],
    ["having closed its side", (reader) => void reader.resume().end()],
  ])(
    "have no listener any more when a client goes that has asked for them often, %s",
    async (_how, leave) => {
      let listeners = 0;
      const port = await portOf(() => ({
        status: 200,
        headers: [],
        body: "x",
        stream: () => {
          listeners += 1;
          return () => (listeners -= 1);
        },
      }));
      const reader = connect(port, "127.0.0.1");
      reader.write(request.repeat(5), () => leave(reader));
      await once(reader, "close");
      // Answered after all that came before.
      await sendRaw({ host: "127.0.0.1", port }, "x\r\n\r\n");
      expect(listeners).toBe(0);
    },
  );

  it("follow the answer to a request that was sent with theirs", async () => {
    const plain: Endpoint = () => ({ status: 200, headers: [], body: "plain" });
    const going: Endpoint = () => ({
      status: 200,
      headers: [],
      body: "going",
      stream: ({ end }) => {
        end();
        return () => undefined;
      },
    });
    const port = await portOf((asked) => (asked.target === "/" ? plain(asked) : going(asked)));
    const answer = await exchange({ host: "127.0.0.1", port }, [request + request.replace("/", "/events")]);
    expect(answer).toMatch(/plainHTTP.*going/s);
  });
});

describe("a client that waits", () => {
  /** An endpoint that answers nobody, and whose clients have left so far. */
  function patient(): { endpoint: Endpoint; gone: string[]; waiting: (() => void)[] } {
    const gone: string[] = [];
    const waiting: (() => void)[] = [];
    const endpoint: Endpoint = async ({ target, client }) => {
      const stop = client?.onGone(() => gone.push(target)) ?? (() => undefined);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      stop();
      return refusal(404, "here you are");
    };
    return { endpoint, gone, waiting };
  }

  async function until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await sleep(5);
  }

  it("is told of when it goes away, with all that it has pipelined, and not where it was answered", async () => {
    const { endpoint, gone, waiting } = patient();
    const port = await portOf(endpoint);
    const [leaving, staying] = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    onTestFinished(() => void staying.destroy());
    const pipelined = Array.from(
      { length: 30 },
      (_each, index) => `GET /${index} HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on("warning", warned);
    onTestFinished(() => void process.off("warning", warned));
    staying.write("GET /answered HTTP/1.1\r\nHost: x\r\n\r\n");
    await until(() => waiting.length === 1);
    leaving.write(pipelined.join(""));
    await until(() => waiting.length === 31);
    waiting[0]?.();
    await once(staying, "data");
    staying.destroy();
    leaving.destroy();
    await until(() => gone.length >= 30);
    expect(gone).toEqual(pipelined.map((_each, index) => `/${index}`));
    expect(warnings).toEqual([]);
  });

  it("hears that it has to wait, before the answer", async () => {
    const port = await portOf(({ client }) => {
      client?.tellToWait();
      client?.tellToWait();
      return refusal(404, "here you are");
    });
    const socket = connect(port, "127.0.0.1");
    socket.write(request);
    const chunks: Buffer[] = await socket.toArray();
    expect(Buffer.concat(chunks).toString()).toMatch(
      /^HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 404 /,
    );
  });
});
