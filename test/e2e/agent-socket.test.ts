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
function get(headers: readonly string[], target = "/v1/credentials/deploy", method = "GET"): string {
  return `${[`${method} ${target} HTTP/1.1`, ...headers].join("\r\n")}\r\n\r\n`;
}

function expectRefused(answer: RawAnswer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.head + answer.body).not.toContain(secret);
  expect(answer.head.toLowerCase()).not.toContain("access-control-");
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

  it("refuses whatever no credential client sends, and gives away nothing", async () => {
    await setUp();
    const host = "Host: localhost";
    const cases: readonly (readonly [string, string, number])[] = [
      ["a foreign host", get(["Host: evil.example"]), 403],
      ["a foreign host with a port", get(["Host: evil.example:80"]), 403],
      ["a host that looks like ours", get(["Host: localhost.evil.example"]), 403],
      ["a host with a user", get(["Host: localhost@evil.example"]), 403],
      ["a host in capitals", get(["Host: LOCALHOST."]), 403],
      ["an empty host", get(["Host:"]), 403],
      ["two hosts", get([host, "Host: evil.example"]), 400],
      ["no host", get([]), 400],
      ["HTTP/1.0", "GET /v1/credentials/deploy HTTP/1.0\r\nHost: localhost\r\n\r\n", 400],
      ["an origin", get([host, "Origin: https://evil.example"]), 403],
      ["a null origin", get([host, "Origin: null"]), 403],
      ["an empty origin", get([host, "Origin:"]), 403],
      ["a referer", get([host, "Referer: https://evil.example/"]), 403],
      ["fetch metadata", get([host, "Sec-Fetch-Site: cross-site"]), 403],
      ["X-Forwarded-For", get([host, "X-Forwarded-For: 10.0.0.1"]), 403],
      ["an empty x-forwarded-for", get([host, "x-forwarded-for:"]), 403],
      ["X_Forwarded_For", get([host, "X_Forwarded_For: 10.0.0.1"]), 403],
      ["Forwarded", get([host, "Forwarded: for=10.0.0.1"]), 400],
      ["Via", get([host, "Via: 1.1 proxy"]), 400],
      ["X-Real-IP", get([host, "X-Real-IP: 10.0.0.1"]), 400],
      ["two Authorization headers", get([host, "Authorization: a", "Authorization: b"]), 400],
      ["a preflight", get([host, "Access-Control-Request-Method: GET"], undefined, "OPTIONS"), 405],
      ["a POST that says nothing", get([host], undefined, "POST"), 400],
      ["a PUT", get([host], undefined, "PUT"), 405],
      ["a HEAD", get([host], undefined, "HEAD"), 405],
      ["a GET that stops the agent", get([host], "/v1/stop"), 405],
      ["an absolute URL", get([host], "http://localhost/v1/credentials/deploy"), 400],
      ["a doubled slash", get([host], "//v1/credentials/deploy"), 400],
      ["a path that climbs", get([host], "/v1/x/../credentials/deploy"), 404],
      ["a path in capitals", get([host], "/V1/credentials/deploy"), 404],
      ["a query", get([host], "/v1/credentials/deploy?x=1"), 404],
      ["a longer path", get([host], "/v1/credentials/deploy/x"), 400],
      ["an empty segment", get([host], "//v1/status"), 400],
      ["an asterisk", get([host], "*", "OPTIONS"), 400],
      ["an escaped NUL", get([host], "/v1/status%00"), 400],
      ["a broken escape", get([host], "/v1/credentials/%zz"), 400],
      ["another role", get([host], "/v1/credentials/nope"), 404],
      ["__proto__", get([host], "/v1/credentials/__proto__"), 404],
      ["an upgrade", get([host, "Connection: Upgrade", "Upgrade: websocket"]), 400],
      ["a GET with a body", `${get([host, "Content-Length: 1"])}x`, 400],
      ["a large body", get([host, "Content-Length: 16385"], "/v1/reload", "POST"), 413],
      [
        "an endless body",
        `${get([host, "Transfer-Encoding: chunked"], "/v1/reload", "POST")}${`${"fff\r\n".padEnd(4100, "x")}\r\n`.repeat(5)}`,
        413,
      ],
      ["large headers", get([host, `X-Long: ${"x".repeat(9000)}`]), 431],
      [
        "length and chunked at once",
        get([host, "Content-Length: 1", "Transfer-Encoding: chunked"], "/v1/reload", "POST"),
        400,
      ],
      ["a space before the colon", get([host, "X : y"]), 400],
      ["a folded header", get([host, "X: a", " b"]), 400],
      ["a NUL", get([host, "X: a\0b"]), 400],
      ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00", 400],
      ["an unknown method", get([host], undefined, "STEAL"), 400],
    ];
    for (const [name, bytes, status] of cases) {
      const answer = await sendRaw(world.socketPath, bytes);
      expect({ name, status: answer.status }).toEqual({ name, status });
      expectRefused(answer, status);
    }
    expect((await world.client.status()).pid).toBe(agent.pid);
  });

  it("closes connections that ask it to be a proxy", async () => {
    await setUp();
    expectRefused(
      await sendRaw(world.socketPath, "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      0,
    );
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
