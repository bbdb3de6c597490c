import { beforeEach, describe, expect, it } from "vitest";
import { KeeperTable } from "../../../packages/agent/src/core/keeper-table.ts";
import type { AssumeRole, Role, SessionTokenRole } from "../../../packages/agent/src/core/role.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { fakeSession } from "../../support/fake-session.ts";

const hour = 3_600_000;
const device: SessionTokenRole = {
  type: "session-token",
  name: "mfa alice",
  definedIn: "test",
  source: { type: "profile", profile: "base" },
  mfaSerial: "arn:aws:iam::123456789012:mfa/alice",
  askedAs: "role0",
  durationSeconds: 43_200,
};

function assumed(index: number): AssumeRole {
  return {
    type: "assume-role",
    name: `role${index}`,
    definedIn: "test",
    roleArn: `arn:aws:iam::123456789012:role/R${index}`,
    source: { type: "role", role: index === 9 ? "role8" : device.name },
    roleSessionName: "test",
    durationSeconds: 3600,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
  };
}

let clock: FakeClock;
let codes: (string | undefined)[];
let table: KeeperTable;

/** Ten roles, one of them a grandchild, behind one device. AWS takes the code 111111. */
function start(mfaRole: SessionTokenRole = device): void {
  const roles = [...Array.from({ length: 10 }, (_, index) => assumed(index)), mfaRole];
  table = new KeeperTable({
    clock,
    fileMark: () => "",
    onEvent: () => undefined,
    issue: async (role, _parent, input) => {
      if (role.type === "session-token") codes.push(input?.mfaCode);
      return fakeSession(codes.length, clock.now().wall, role.type === "session-token" ? 12 * hour : hour);
    },
  });
  const plan = new Map<string, Role>(roles.map((role) => [role.name, role]));
  table.apply({ roles: plan, prefetch: [], idleTimeoutMs: 12 * hour });
}

async function askAll(times: number): Promise<PromiseSettledResult<unknown>[]> {
  const asked = Array.from({ length: times }, () => [...table].filter(({ name }) => name.startsWith("role")));
  return Promise.allSettled(asked.flat().map((keeper) => keeper.session()));
}

beforeEach(() => {
  clock = new FakeClock();
  codes = [];
});

describe("roles behind one MFA device", () => {
  it("say at once, a hundred times, which command brings the code, and ask AWS for nothing", async () => {
    start();
    for (const result of await askAll(10)) {
      expect(result).toMatchObject({
        status: "rejected",
        reason: { code: "MfaRequired", hint: "role-agent mfa role0" },
      });
    }
    expect(codes).toEqual([]);
  });

  it("are all served after one code, the chained one too", async () => {
    start();
    await askAll(10);
    await table.mfaKeeperFor("role9")?.refresh({ mfaCode: "111111" });
    await settle();
    expect((await askAll(10)).every(({ status }) => status === "fulfilled")).toBe(true);
    expect(codes).toEqual(["111111"]);
  });

  it("ask for no other code before the session of the first has ended", async () => {
    start();
    await table.mfaKeeperFor("role0")?.refresh({ mfaCode: "111111" });
    for (let passed = 0; passed < 23; passed += 1) {
      await clock.advance(hour / 2);
      for (const keeper of table) keeper.tend(clock.now());
      await settle();
    }
    expect((await askAll(1)).every(({ status }) => status === "fulfilled")).toBe(true);
    expect(codes).toEqual(["111111"]);
    await clock.advance(2 * hour);
    for (const result of await askAll(1)) expect(result).toMatchObject({ reason: { code: "MfaRequired" } });
  });

  it("send no code twice", async () => {
    start();
    const keeper = table.mfaKeeperFor("role0");
    await keeper?.refresh({ mfaCode: "111111" });
    await expect(keeper?.refresh({ mfaCode: "111111" })).rejects.toMatchObject({
      code: "MfaRequired",
      message: "this code was used already: wait for the next one",
    });
    await keeper?.refresh({ mfaCode: "222222" });
    expect(codes).toEqual(["111111", "222222"]);
  });

  it("whose program knows the code ask nobody, and run it once a code at most", async () => {
    start({ ...device, mfaProcess: "ykman" });
    expect((await askAll(1)).every(({ status }) => status === "fulfilled")).toBe(true);
    expect(codes).toEqual([undefined]);
    const keeper = table.mfaKeeperFor("role0");
    await expect(keeper?.refresh()).rejects.toMatchObject({
      code: "SourceUnavailable",
      retryAfterSeconds: 30,
    });
    await clock.advance(30_000);
    await keeper?.refresh();
    expect(codes).toHaveLength(2);
  });

  it("are the only ones that take a code", () => {
    start();
    expect(table.mfaKeeperFor("nobody")).toBeUndefined();
  });
});
