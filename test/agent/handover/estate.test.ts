import { describe, expect, it } from "vitest";
import { parseEstate, type Estate } from "../../../packages/agent/src/handover/estate.ts";
import { fakeIssued } from "../../support/fake-session.ts";

const now = { wall: 1_000_000, mono: 5000 };
const seal = { salt: Buffer.alloc(16, 1).toString("base64"), key: Buffer.alloc(32, 2).toString("base64") };
const held = { session: fakeIssued(1, now.wall, 3_600_000), receivedAt: now };

const estate = {
  sessionPid: 4711,
  passphrase: "opens the key file",
  imdsKey: Buffer.alloc(32, 3).toString("base64"),
  roles: [{ name: "deploy" }],
  kept: [
    { name: "deploy", renewAt: 0.5, askedAt: now, held },
    { name: "idle", renewAt: 1 },
  ],
  lock: { seal, usedAt: now, idleMs: 60_000, wrongTries: 2 },
  isLockedWithScreen: false,
  sockets: ["/run/role-agent/agent.sock"],
} satisfies Estate;

const locked = { ...estate.lock, lockedAt: now };

describe("an estate", () => {
  it("arrives as it was sent", () => {
    expect(parseEstate(JSON.parse(JSON.stringify(estate)))).toEqual(estate);
  });

  it("may be of a locked agent, which holds no session", () => {
    const kept = [{ name: "deploy", renewAt: 0.5 }];
    expect(parseEstate({ ...estate, lock: locked, kept })).toMatchObject({ lock: locked });
  });

  it.each<[what: string, value: unknown]>([
    ["nothing", undefined],
    ["no object", "estate"],
    ["an empty one", {}],
    ["a short IMDS key", { ...estate, imdsKey: "AAAA" }],
    ["an IMDS key that is no base64", { ...estate, imdsKey: "!".repeat(44) }],
    ["a key with a line break", withSession({ accessKeyId: "ASIAIOSFODNN7\nEXAMPLE" })],
    ["a session token with a space", withSession({ sessionToken: "a b" })],
    ["a session without an end", withSession({ expiresAt: null })],
    ["a session without a secret", withSession({ secretAccessKey: undefined })],
    ["an account that is none", withSession({ accountId: "12" })],
    ["a renewal after the end", { ...estate, kept: [{ name: "deploy", renewAt: 2, held }] }],
    [
      "a moment that is none",
      { ...estate, kept: [{ name: "deploy", renewAt: 1, askedAt: { wall: "now" } }] },
    ],
    ["sessions of a locked agent", { ...estate, lock: locked }],
    ["a lock that nobody could open", { ...estate, kept: [], lock: { ...locked, seal: undefined } }],
    ["a seal whose key is short", { ...estate, lock: { ...estate.lock, seal: { ...seal, key: "AAAA" } } }],
    ["wrong tries below none", { ...estate, lock: { ...estate.lock, wrongTries: -1 } }],
    ["sockets that are no paths", { ...estate, sockets: [3] }],
    ["roles without names", { ...estate, roles: [{ type: "assume-role" }] }],
  ])("is refused where it is or has %s", (_what, value) => {
    expect(parseEstate(value)).toBeUndefined();
  });
});

function withSession(change: object): object {
  const session = { ...held.session, ...change };
  return { ...estate, kept: [{ name: "deploy", renewAt: 0.5, held: { ...held, session } }] };
}
