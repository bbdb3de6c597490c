import { connect } from "node:net";
import { GetCallerIdentityCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { startSandbox, type Sandbox } from "@role-agent/sandbox";
import { describe, expect, test } from "vitest";
import { signedPost } from "./sign.ts";
import { HOME, refusal, sandboxForTest, sts } from "./support.ts";

const identity = new GetCallerIdentityCommand({});

/** The whole exchange as bytes, until the sandbox closes or `ms` are over. */
async function raw(sandbox: Sandbox, ms = 5000): Promise<string> {
  const { init } = signedPost(sandbox);
  const headers = { ...init.headers, "content-length": String(init.body.length), connection: "close" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(sandbox.port, "127.0.0.1");
    const limit = setTimeout(() => socket.destroy(), ms);
    socket.on("data", (chunk) => (received += chunk.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(limit);
      resolve(received);
    });
    socket.write(`POST / HTTP/1.1\r\n${lines.join("")}\r\n${init.body}`);
  });
}

describe("where a fault applies", () => {
  test("to its operation alone, until it is taken back", async () => {
    const sandbox = await sandboxForTest();
    const remove = sandbox.fault("GetSessionToken", { kind: "status", status: 500 });
    expect((await sts(sandbox).send(identity)).Account).toBe(HOME);
    expect((await refusal(sts(sandbox).send(new GetSessionTokenCommand({})))).status).toBe(500);
    remove();
    expect((await sts(sandbox).send(new GetSessionTokenCommand({}))).Credentials).toBeDefined();
  });

  test("to every operation, until all are cleared", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "status", status: 500 });
    expect((await refusal(sts(sandbox).send(identity))).status).toBe(500);
    sandbox.clearFaults();
    expect((await sts(sandbox).send(identity)).Account).toBe(HOME);
  });

  test("as many times as said, the newest fault first", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "status", status: 500 }, { times: 1 });
    sandbox.fault("GetCallerIdentity", { kind: "status", status: 503 }, { times: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await refusal(sts(sandbox).send(identity))).status);
    expect(statuses).toEqual([503, 503, 500]);
    expect((await sts(sandbox).send(identity)).Account).toBe(HOME);
  });

  test("to no operation that isn't there", async () => {
    const sandbox = await sandboxForTest();
    expect(() => sandbox.fault("AssumeRoll", { kind: "hang" })).toThrow("no such operation: AssumeRoll");
  });
});

describe("kinds of fault", () => {
  test("latency: the answer comes later", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "latency", ms: 120 });
    const start = performance.now();
    expect((await sts(sandbox).send(identity)).Account).toBe(HOME);
    expect(performance.now() - start).toBeGreaterThanOrEqual(115);
    expect(sandbox.calls.entries).toMatchObject([{ outcome: "ok", fault: "latency" }]);
  });

  test("hang: no answer, until the sandbox stops, which it does at once", async () => {
    const sandbox = await startSandbox();
    sandbox.fault("*", { kind: "hang" });
    const { url, init } = signedPost(sandbox);
    const pending = fetch(url, init).then(
      () => "answered",
      () => "cut",
    );
    await expect.poll(() => sandbox.calls.count("GetCallerIdentity", "hang")).toBe(1);
    const start = performance.now();
    await sandbox.stop();
    expect(performance.now() - start).toBeLessThan(1000);
    expect(await pending).toBe("cut");
  });

  test("refuse: the connection is cut without an answer", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "refuse" });
    expect(await raw(sandbox)).toBe("");
    expect(sandbox.calls.count("GetCallerIdentity", "refuse")).toBe(1);
  });

  test.each([
    [500, undefined, "InternalFailure"],
    [503, undefined, "ServiceUnavailable"],
    [403, "RegionDisabledException", "RegionDisabledException"],
  ])("status %i: an error document with the code %s", async (status, code, expected) => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "status", status, ...(code !== undefined && { code }) });
    const answer = await refusal(sts(sandbox).send(identity));
    expect([answer.status, answer.code]).toEqual([status, expected]);
    expect(sandbox.calls.count("GetCallerIdentity", expected)).toBe(1);
  });

  test("throttle: Throttling with status 400, or 429 with Retry-After", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "throttle" });
    const plain = await refusal(sts(sandbox).send(identity));
    expect([plain.status, plain.code]).toEqual([400, "Throttling"]);
    sandbox.fault("*", { kind: "throttle", retryAfterSeconds: 3 });
    const { url, init } = signedPost(sandbox);
    const response = await fetch(url, init);
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "3"]);
    expect(await response.text()).toContain("<Code>Throttling</Code>");
  });

  test("garbage: status 200 and a page of HTML", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "garbage" });
    const { url, init } = signedPost(sandbox);
    const response = await fetch(url, init);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
  });

  test("truncate: half of the promised bytes", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "truncate" });
    const [head = "", body = ""] = (await raw(sandbox)).split("\r\n\r\n");
    const promised = Number(/content-length: (\d+)/.exec(head)?.[1]);
    expect(body).toMatch(/^<GetCallerIdentityResponse/);
    expect(body.length).toBe(Math.floor(promised / 2));
  });

  test("drip: the whole answer, slowly", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "drip", bytesPerSecond: 2000 });
    const start = performance.now();
    expect((await sts(sandbox).send(identity)).Account).toBe(HOME);
    expect(performance.now() - start).toBeGreaterThan(100);
  });

  test("drip: ends with the connection", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "drip", bytesPerSecond: 10 });
    const received = await raw(sandbox, 350);
    expect(received).toContain("200 OK");
    expect(received).not.toContain("</GetCallerIdentityResponse>");
  });

  test("date: only the Date header is off", async () => {
    const sandbox = await sandboxForTest();
    sandbox.fault("*", { kind: "date", offsetMs: -3_600_000 });
    const { url, init } = signedPost(sandbox);
    const response = await fetch(url, init);
    const offset = Date.parse(response.headers.get("date") ?? "") - sandbox.clock.now();
    expect(Math.abs(offset + 3_600_000)).toBeLessThan(10_000);
    expect(await response.text()).toContain(`<Account>${HOME}</Account>`);
  });

  test("answer: whatever a test writes", async () => {
    const sandbox = await sandboxForTest();
    const body =
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    sandbox.fault("*", { kind: "answer", body });
    expect((await sts(sandbox).send(identity)).Account).toBe("1");
    sandbox.fault("*", {
      kind: "answer",
      status: 302,
      headers: { location: "http://127.0.0.1:1/" },
      body: "",
    });
    const { url, init } = signedPost(sandbox);
    const response = await fetch(url, { ...init, redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "http://127.0.0.1:1/"]);
  });
});
