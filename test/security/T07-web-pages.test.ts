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

/** What a page can have a browser send, were the browser to say nothing of itself: without a token. */
function pageRequests(door: AttackedDoor): readonly (readonly [name: string, bytes: string])[] {
  const page = { ...door, headers: [] };
  const form = (type: string, target: string, body: string): string =>
    requestTo(page, {
      method: "POST",
      target,
      lines: [`Content-Type: ${type}`, `Content-Length: ${body.length}`],
      body,
    });
  const targets = [door.path, "/latest/api/token", "/v1/stop", "/v1/lock", "/v1/reload", "/"];
  return [
    ...["GET", "POST", "PUT", "DELETE"].map(
      (wanted) =>
        [
          `a preflight for ${wanted}`,
          requestTo(page, {
            method: "OPTIONS",
            lines: [
              "Origin: https://evil.example",
              `Access-Control-Request-Method: ${wanted}`,
              "Access-Control-Request-Headers: authorization,x-aws-ec2-metadata-token-ttl-seconds",
              "Access-Control-Request-Private-Network: true",
            ],
          }),
        ] as const,
    ),
    ["a preflight that hides its origin", requestTo(page, { method: "OPTIONS" })],
    ["a script's source", requestTo(page, { lines: ["Accept: */*", "Sec-Fetch-Dest: script"] })],
    [
      "a frame",
      requestTo(page, { lines: ["Accept: text/html", "Upgrade-Insecure-Requests: 1", "Referer:"] }),
    ],
    ...targets.flatMap((target) => [
      [`a form for ${target}`, form("application/x-www-form-urlencoded", target, "passphrase=x")] as const,
      [`a form in parts for ${target}`, form("multipart/form-data; boundary=x", target, "--x--")] as const,
      [`a text form for ${target}`, form("text/plain", target, '{"passphrase":"x","y":"="}')] as const,
    ]),
    ...["websocket", "h2c", "TLS/1.0"].map(
      (protocol) =>
        [
          `an upgrade to ${protocol}`,
          requestTo(door, {
            lines: [
              "Connection: Upgrade",
              `Upgrade: ${protocol}`,
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ],
          }),
        ] as const,
    ),
    [
      "the address of everywhere",
      requestTo(page, { own: [`Host: 0.0.0.0:${door.host.split(":")[1] ?? 80}`] }),
    ],
  ];
}

/** Those that give whoever may open a file, or come to an address, what they have: there a token means nothing. */
const tokenless: ReadonlySet<AttackedDoor["name"]> = new Set([
  "agent socket",
  "restricted socket",
  "metrics",
]);

describe("T7: a web page gets nothing by what a browser lets it send, and changes nothing", () => {
  it("neither by preflights, forms and upgrades", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      for (const [name, bytes] of pageRequests(door)) {
        // A page can't open a file: on the agent socket a form would be an owner's request.
        if (door.name === "agent socket" && name.includes("form")) continue;
        const answer = await sendRaw(door.place, bytes);
        expect({ door: door.name, name, status: answer.status }).toEqual({
          door: door.name,
          name,
          status: expect.toBeOneOf([400, 401, 403, 404, 405]),
        });
        expectNoGift(answer, attacked.secrets);
      }
    }
    expect((await attacked.world.client.status()).lockedSince).toBeNull();
    await expectAllServed(attacked);
  });

  it("nor by a GET of which the browser says nothing, since it has no token", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors.filter(({ name }) => !tokenless.has(name))) {
      const answer = await sendRaw(door.place, requestTo({ ...door, headers: [] }));
      expect({ door: door.name, status: answer.status }).toEqual({ door: door.name, status: 401 });
      expectNoGift(answer, attacked.secrets);
    }
  });

  it("nor by having a door for a proxy", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      const connect = text([`CONNECT ${door.host} HTTP/1.1`, `Host: ${door.host}`, ...door.headers]);
      const answer = await sendRaw(door.place, connect);
      expect({ door: door.name, status: answer.status }).toEqual({ door: door.name, status: 0 });
      expectNoGift(answer, attacked.secrets);
    }
    await expectAllServed(attacked);
  });
});
