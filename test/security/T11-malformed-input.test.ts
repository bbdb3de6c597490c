import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  expectAllServed,
  expectNoGift,
  openDoors,
  requestTo,
  text,
  type AttackedDoor,
} from "../support/attacked-doors.ts";
import { sendRaw } from "../support/raw-http.ts";

/** Every row of the table of hostile HTTP, for one door: what it is, the bytes, the status. */
function hostile(door: AttackedDoor): readonly (readonly [name: string, bytes: string, status: number])[] {
  const { host, path, headers } = door;
  const own = `Host: ${host}`;
  const get = (...lines: readonly string[]): string => requestTo(door, { lines });
  const to = (target: string): string => requestTo(door, { target });
  const by = (method: string, ...lines: readonly string[]): string => requestTo(door, { method, lines });
  const chunked = `${"fff\r\n".padEnd(4100, "x")}\r\n`.repeat(5);
  return [
    ["HTTP/1.0 without host", text([`GET ${path} HTTP/1.0`, ...headers]), 400],
    ["HTTP/1.0", text([`GET ${path} HTTP/1.0`, own, ...headers]), 400],
    ["HTTP/0.9", `GET ${path}\r\n\r\n`, 400],
    ["two Authorization", get("Authorization: a", "Authorization: b"), 400],
    ["two of any header", get("X-A: a", "x_a: b"), 400],
    ["an absolute URL", to(`http://${host}${path}`), 400],
    ["an authority for a path", to(`//evil.example${path}`), 400],
    ["an escaped NUL", to(`${path}%00`), 400],
    ["a path that climbs", to(`/a/../..${path}`), 400],
    ["an escaped path that climbs", to(`/a/%2e%2e${path}`), 400],
    ["a broken escape", to(`${path}%zz`), 400],
    ["a backslash", to(`${path}%5c`), 400],
    ["half a character", to(`${path}%c3`), 400],
    ["a star", requestTo(door, { target: "*", method: "OPTIONS" }), 400],
    ["length and chunked", get("Content-Length: 1", "Transfer-Encoding: chunked"), 400],
    ["two lengths", get("Content-Length: 0", "Content-Length: 1"), 400],
    ["a length that is none", get("Content-Length: 1e3"), 400],
    ["a length below nothing", get("Content-Length: -1"), 400],
    ["a folded header", get("X: a", " b"), 400],
    ["a bare line feed", `GET ${path} HTTP/1.1\n${own}\nX: y\n\n`, 400],
    ["a NUL", get("X: a\0b"), 400],
    ["20 KB of headers", get(`X: ${"x".repeat(20_000)}`), 431],
    ["2000 headers", get(...Array.from({ length: 2000 }, (_each, index) => `X${index}: y`)), 431],
    ["a token of 200 KB", get(`X-Token: ${"x".repeat(200_000)}`), 431],
    ["a path of 20 KB", to(`/${"x".repeat(20_000)}`), 431],
    ["a space before the colon", get("X : y"), 400],
    ["a header without a name", get(": y"), 400],
    ["a method in small letters", by("get"), 400],
    ["a method that nobody knows", by("STEAL"), 400],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00", 400],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["SSH", "SSH-2.0-OpenSSH_9.2p1\r\n", 400],
    ["an expectation", get("Expect: foo", "Connection: close"), 417],
    ["a GET with a body", requestTo(door, { lines: ["Content-Length: 1"], body: "x" }), 400],
    ["a large body", by("POST", "Content-Length: 16385"), 413],
    ["a body of 10 GB", by("POST", "Content-Length: 10000000000"), 413],
    [
      "an endless body",
      requestTo(door, { method: "POST", lines: ["Transfer-Encoding: chunked"], body: chunked }),
      413,
    ],
    [
      "a chunk that is none",
      requestTo(door, { method: "POST", lines: ["Transfer-Encoding: chunked"], body: "zz\r\n" }),
      400,
    ],
    ["HEAD", by("HEAD"), 405],
    ["TRACE", by("TRACE"), 405],
    ["PROPFIND", by("PROPFIND"), 405],
    ["DELETE", by("DELETE"), 405],
    ["an overridden method", by("PUT", "X-HTTP-Method-Override: GET", "Content-Length: 0"), 405],
    ["another path", to(`${path}x`), 404],
    ["capitals", to(path.toUpperCase()), 404],
    ["a query", to(`${path}?x=1`), 404],
    ["a route of another door", to(host === "localhost" ? "/latest/meta-data/" : "/v1/status"), 404],
  ];
}

describe("T11: whatever is malformed is refused, and ends nothing but its own connection", () => {
  it("by every door, without a byte of a key", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      for (const [name, bytes, expected] of hostile(door)) {
        // The agent socket takes every path that is rooted for the name of something.
        const isLenient = door.name === "agent socket" && (expected === 400 || expected === 404);
        const status = isLenient ? expect.toBeOneOf([400, 404]) : expected;
        const answer = await sendRaw(door.place, bytes);
        expect({ door: door.name, name, status: answer.status }).toEqual({ door: door.name, name, status });
        expectNoGift(answer, attacked.secrets);
      }
    }
    await expectAllServed(attacked);
    expect(attacked.agent.log).not.toMatch(/uncaught|TypeError|ERR_/);
  });

  it("and closes the connection with the refusal, whatever comes behind it", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      const malformed = requestTo(door, { lines: ["X : y"] });
      expect(await allOf(door, malformed + requestTo(door).repeat(3))).toMatch(
        /^HTTP\/1\.1 400 (?:(?!HTTP\/1).)*$/s,
      );
    }
  });

  it("and goes on when clients break off wherever they are", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      const whole = requestTo(door);
      for (let length = 0; length <= whole.length; length += 7) breakOff(door, whole.slice(0, length));
      for (const again of [1, 5, 50]) breakOff(door, whole.repeat(again));
      const body = requestTo(door, { method: "POST", lines: ["Content-Length: 1000"], body: "half" });
      breakOff(door, body);
    }
    await sleep(200);
    await expectAllServed(attacked);
    expect(attacked.agent.log).not.toMatch(/uncaught|TypeError|ERR_/);
  });
});

/** Everything that comes back until the door closes the connection. */
async function allOf({ place }: AttackedDoor, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(typeof place === "string" ? { path: place } : place, () => socket.write(bytes));
    socket.setEncoding("latin1").on("data", (part: string) => {
      answer += part;
    });
    socket.on("error", () => undefined).on("close", () => resolve(answer));
  });
}

/** Sends, and is gone before an answer is read. */
function breakOff({ place }: AttackedDoor, bytes: string): void {
  const socket = connect(typeof place === "string" ? { path: place } : place, () => {
    socket.write(bytes, () => socket.destroy());
  });
  socket.on("error", () => undefined);
}
