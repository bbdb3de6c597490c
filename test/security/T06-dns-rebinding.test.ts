import { describe, expect, it } from "vitest";
import {
  expectAllServed,
  expectNoGift,
  openDoors,
  requestTo,
  type AttackedDoor,
} from "../support/attacked-doors.ts";
import { sendRaw } from "../support/raw-http.ts";

/** By which a page's own name could lead here, and what some parser takes for the door's address. */
function foreignHosts({ host }: AttackedDoor): readonly string[] {
  const port = host.split(":")[1] ?? "80";
  return [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1.evil.example",
    `127.0.0.1.evil.example:${port}`,
    "localhost.evil.example",
    "localhost@evil.example",
    "127.0.0.1@evil.example",
    `evil.example#127.0.0.1:${port}`,
    "[::ffff:127.0.0.1]",
    `[::ffff:127.0.0.1]:${port}`,
    `[::1]:${port}`,
    "0.0.0.0",
    `0.0.0.0:${port}`,
    "2130706433",
    `2130706433:${port}`,
    "0x7f000001",
    "127.1",
    "127.0.0.01",
    "LOCALHOST.",
    "LOCALHOST",
    "localhost.",
    `localhost:1${port}`,
    "127.0.0.2",
    `127.0.0.1:1${port}`,
    `127.0.0.1:0${port}`,
    "169.254.169.254",
    "169.254.169.254.nip.io",
    "",
    "a b",
    "exämple",
    `${host}.`,
    `${host} evil.example`,
    `${host}, evil.example`,
    `${host}/`,
  ];
}

/** What a browser adds to a request that a page makes; a page can't leave all of them out. */
const browserHeaders = [
  "Origin: https://evil.example",
  "Origin: null",
  "Origin:",
  "oRiGiN: https://evil.example",
  "Referer: https://evil.example/",
  "Referer:",
  "Sec-Fetch-Site: cross-site",
  "Sec-Fetch-Site: same-origin",
  "Sec-Fetch-Mode: no-cors",
  "Sec-Fetch-Dest: image",
  "Sec-Fetch-User: ?1",
  "sec-fetch-anything:",
  "Sec_Fetch_Mode: cors",
];

describe("T6: a web page whose name is made to lead to a door gets 403 and not one byte of a key", () => {
  it("by whatever name in Host, with the token even", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      for (const name of foreignHosts(door)) {
        const answer = await sendRaw(door.place, requestTo(door, { own: [`Host: ${name}`] }));
        expect({ door: door.name, name, status: answer.status }).toEqual({
          door: door.name,
          name,
          status: 403,
        });
        expectNoGift(answer, attacked.secrets);
      }
    }
    await expectAllServed(attacked);
  });

  it("with a second Host, or none", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      const own = `Host: ${door.host}`;
      for (const hosts of [[], [own, own], [own, "Host: evil.example"], ["Host: evil.example", own]]) {
        const answer = await sendRaw(door.place, requestTo(door, { own: hosts }));
        expect({ door: door.name, hosts, status: answer.status }).toEqual({
          door: door.name,
          hosts,
          status: 400,
        });
        expectNoGift(answer, attacked.secrets);
      }
    }
  });

  it("by the right name, since a browser says that it is one", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      for (const line of browserHeaders) {
        const answer = await sendRaw(door.place, requestTo(door, { lines: [line] }));
        expect({ door: door.name, line, status: answer.status }).toEqual({
          door: door.name,
          line,
          status: 403,
        });
        expectNoGift(answer, attacked.secrets);
      }
    }
  });
});
