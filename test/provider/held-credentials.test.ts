import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { heldCredentials } from "../../packages/provider/src/held-credentials.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const document = {
  Version: 1,
  AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
  SecretAccessKey: "secret",
  SessionToken: "tökén",
  Token: "tökén",
  Expiration: "2026-11-24T14:47:56Z",
};
const body = JSON.stringify(document);

/** The environment of a client whose agent answers every request with these bytes, and what it was asked. */
async function agentThatSays(answer: string): Promise<{ env: NodeJS.ProcessEnv; asked: string[] }> {
  const path = join(temporaryDirectory(), "agent.sock");
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("data", (bytes) => {
      asked.push(bytes.toString());
      socket.end(answer);
    });
  }).listen(path);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { env: { ROLE_AGENT_SOCK: path }, asked };
}

function ok(text: string, length = Buffer.byteLength(text)): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${text}`;
}

describe("credentials that an agent has at hand", () => {
  it("come by one plain request", async () => {
    const { env, asked } = await agentThatSays(ok(body));
    expect(await heldCredentials("my role", env)).toEqual(document);
    expect(asked).toEqual([
      "GET /v1/credentials/my%20role HTTP/1.1\r\nHost: role-agent\r\nPrefer: wait=0\r\nConnection: close\r\n\r\n",
    ]);
  });

  it.each([
    ["an error", ok(body).replace("200 OK", "403 Forbidden")],
    ["an answer that was cut", ok(body.slice(0, -10), body.length)],
    ["an answer that goes on after its end", `${ok(body)}x`],
    ["an answer without a length", ok(body).replace(/Content-Length.*\r\n/, "")],
    ["a document that lacks a field", ok(JSON.stringify({ ...document, SessionToken: undefined }))],
    ["another protocol", "hello\r\n\r\n"],
    ["nothing", ""],
  ])("are not taken from %s", async (_name, answer) => {
    const { env } = await agentThatSays(answer);
    expect(await heldCredentials("deploy", env)).toBeUndefined();
  });

  it("are not asked for by a program that brings them itself", async () => {
    const { env, asked } = await agentThatSays(ok(body));
    expect(await heldCredentials("deploy", { ...env, ROLE_AGENT_ISSUING: "deploy" })).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it("are nobody's where no agent is", async () => {
    const env = { ROLE_AGENT_SOCK: join(temporaryDirectory(), "agent.sock") };
    expect(await heldCredentials("deploy", env)).toBeUndefined();
  });
});
