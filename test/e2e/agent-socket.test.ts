import { describe, expect, it } from "vitest";
import { sendRaw, type RawAnswer } from "../support/raw-http.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";
import type { AgentProcess } from "../support/agent-process.ts";

let world: World;
let agent: AgentProcess;
let secret: string;

async function setUp(): Promise<void> {
  world = await createWorld();
  agent = await world.startAgent();
  ({ SecretAccessKey: secret } = await world.client.credentials("deploy"));
}

/** A request for the role, as HTTP text, with these header lines. */
function get(headers: readonly string[], target = "/v1/credentials/deploy"): string {
  return `${[`GET ${target} HTTP/1.1`, ...headers].join("\r\n")}\r\n\r\n`;
}

function expectRefused(answer: RawAnswer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.head + answer.body).not.toContain(secret);
}

describe("the agent socket", () => {
  it("answers what plain curl asks, with headers that forbid to store it", async () => {
    await setUp();
    const answer = await sendRaw(
      world.socketPath,
      get(["Host: localhost", "Accept: */*", "User-Agent: curl/8"]),
    );
    expect(answer.status).toBe(200);
    expect(answer.head).toMatch(/^Content-Type: application\/json$/m);
    expect(answer.head).toMatch(/^Cache-Control: no-store$/m);
    expect(answer.head).toMatch(/^X-Content-Type-Options: nosniff$/m);
    expect(JSON.parse(answer.body)).toMatchObject({ Version: 1, SecretAccessKey: secret });
  });

  it("has nothing at paths that only look like a role's or a route's", async () => {
    await setUp();
    const cases: readonly (readonly [string, number])[] = [
      ["/v1/x/../credentials/deploy", 404],
      ["/V1/credentials/deploy", 404],
      ["/v1/credentials/deploy/x", 400],
      ["/v1/credentials/nope", 404],
      ["/v1/credentials/__proto__", 404],
      ["/v1/status%00", 400],
      ["/v1/stop", 405],
    ];
    for (const [target, status] of cases) {
      expectRefused(await sendRaw(world.socketPath, get(["Host: localhost"], target)), status);
    }
    expect((await world.client.status()).pid).toBe(agent.pid);
  });

  it("gives up on a client that never ends its headers", async () => {
    await setUp();
    const answer = await sendRaw(world.socketPath, "GET /v1/credentials/deploy HTTP/1.1\r\nHost: loc");
    expectRefused(answer, 408);
  });

  it("words errors in both casings, with a hint", async () => {
    await setUp();
    const { body } = await sendRaw(world.socketPath, get(["Host: localhost"], "/v1/credentials/deplyo"));
    const message = 'there is no role "deplyo"; did you mean deploy?';
    expect(JSON.parse(body)).toEqual({
      code: "RoleNotFound",
      message,
      Code: "RoleNotFound",
      Message: message,
      hint: "role-agent roles",
    });
  });

  it("says when to come back while AWS can't be reached", async () => {
    await setUp();
    world.configure(deployConfig.replaceAll("deploy", "other"));
    await world.client.reload();
    await world.sandbox.pause();
    const answer = await sendRaw(world.socketPath, get(["Host: localhost"], "/v1/credentials/other"));
    expect(answer.status).toBe(503);
    expect(answer.head).toMatch(/^Retry-After: \d+$/m);
  });

  it("serves many requests on one connection", async () => {
    await setUp();
    const pipelined = get(["Host: localhost"]).repeat(3);
    const { connect } = await import("node:net");
    const text = await new Promise<string>((resolve) => {
      let all = "";
      const socket = connect(world.socketPath, () => socket.end(pipelined));
      socket.on("data", (chunk) => {
        all += String(chunk);
      });
      socket.on("close", () => resolve(all));
    });
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
  });
});
