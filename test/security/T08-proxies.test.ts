import { describe, expect, it } from "vitest";
import { expectAllServed, expectNoGift, openDoors, requestTo } from "../support/attacked-doors.ts";
import { sendRaw } from "../support/raw-http.ts";

/** What something that passes on the requests of strangers adds, and by what each is refused. */
const names: readonly (readonly [name: string, status: number])[] = [
  ["X-Forwarded-For", 403],
  ["Forwarded", 400],
  ["Via", 400],
  ["X-Real-IP", 400],
  ["X-Client-IP", 400],
  ["X-Cluster-Client-IP", 400],
  ["X-Original-Forwarded-For", 400],
  ["X-Envoy-External-Address", 400],
  ["CF-Connecting-IP", 400],
  ["Fastly-Client-IP", 400],
  ["True-Client-IP", 400],
  ["X-Forwarded-Host", 400],
  ["X-Forwarded-Proto", 400],
  ["X-Forwarded-Port", 400],
  ["X-Forwarded-Server", 400],
];

function spellings(name: string): readonly string[] {
  return [
    `${name}: 10.0.0.1`,
    `${name}:`,
    `${name.toLowerCase()}: x`,
    `${name.replaceAll("-", "_").toUpperCase()}: x`,
  ];
}

describe("T8: a program that fetches for strangers gets nothing for them", () => {
  it("where it says so, with the token even, and whatever it says", async () => {
    const attacked = await openDoors();
    for (const door of attacked.doors) {
      for (const [name, status] of names) {
        for (const line of spellings(name)) {
          const answer = await sendRaw(door.place, requestTo(door, { lines: [line] }));
          expect({ door: door.name, line, status: answer.status }).toEqual({ door: door.name, line, status });
          expectNoGift(answer, attacked.secrets);
        }
      }
    }
    await expectAllServed(attacked);
  });

  it("nor a token of IMDS, for which it would need PUT, a header, and to hide that it is one", async () => {
    const attacked = await openDoors();
    const imds = attacked.doors.find(({ name }) => name === "imds");
    if (imds === undefined) throw new Error("there is no IMDS");
    const ttl = "X-aws-ec2-metadata-token-ttl-seconds: 60";
    const ask = async (method: string, ...lines: readonly string[]): Promise<number> => {
      const bare = { ...imds, headers: [] };
      const answer = await sendRaw(
        imds.place,
        requestTo(bare, { method, lines, target: "/latest/api/token" }),
      );
      if (answer.status !== 200) expectNoGift(answer, attacked.secrets);
      return answer.status;
    };
    expect(await ask("PUT", ttl)).toBe(200);
    expect(await ask("GET", ttl)).toBe(405);
    expect(await ask("POST", ttl, "Content-Length: 0")).toBe(405);
    expect(await ask("POST", ttl, "Content-Length: 0", "X-HTTP-Method-Override: PUT")).toBe(405);
    expect(await ask("PUT")).toBe(400);
    expect(await ask("PUT", ttl, "X-Forwarded-For: 10.0.0.1")).toBe(403);
    for (const bad of ["0", "-1", "21601", "1e3", "+60", "60.0", "0x3c", "\u0666\u0660", ""])
      expect({ bad, status: await ask("PUT", ttl.replace("60", bad)) }).toEqual({ bad, status: 400 });
  });
});
