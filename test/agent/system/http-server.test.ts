import { once } from "node:events";
import { connect } from "node:net";
import type { RoleStatus } from "@role-agent/provider";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Endpoint } from "../../../packages/agent/src/endpoints/endpoint.ts";
import { eventsRoute } from "../../../packages/agent/src/endpoints/events.ts";
import { RoleEvents } from "../../../packages/agent/src/role-events.ts";
import { httpServer } from "../../../packages/agent/src/system/http-server.ts";
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
});
