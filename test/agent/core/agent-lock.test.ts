import { beforeEach, describe, expect, it } from "vitest";
import { AgentLock } from "../../../packages/agent/src/core/agent-lock.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";

const wrong = { code: "Unauthorized" };
const inTheWay = { code: "InvalidRequest" };

let clock: FakeClock;
let heard: string[];
let looks: number;
let lock: AgentLock;

beforeEach(() => {
  clock = new FakeClock();
  heard = [];
  looks = 0;
  lock = new AgentLock({
    clock,
    sealPassphrase: async (right) => ({ salt: "", key: right }),
    isSealed: async ({ key: right }, other) => {
      looks += 1;
      return other === right;
    },
    onLocked: () => heard.push("locked"),
    onUnlocked: () => heard.push("unlocked"),
    onWrongPassphrase: (tries) => heard.push(`wrong ${tries}`),
  });
});

/** Tries a wrong passphrase; answers after how many milliseconds it was refused. */
async function msUntilRefused(): Promise<number> {
  const start = clock.now().mono;
  const refused = new AbortController();
  const tried = expect(lock.unlock("wrong"))
    .rejects.toMatchObject(wrong)
    .finally(() => refused.abort());
  await settle();
  while (!refused.signal.aborted) await clock.advance(50);
  await tried;
  return clock.now().mono - start;
}

describe("the lock of an agent", () => {
  it("opens with its passphrase, at once", async () => {
    await lock.lock("right");
    expect(lock.lockedAt).toEqual(clock.now());
    await lock.unlock("right");
    expect(lock.lockedAt).toBeUndefined();
    expect(heard).toEqual(["locked", "unlocked"]);
  });

  it("takes 0.1 s longer for each wrong passphrase, 10 s at most: 505 s for the first hundred", async () => {
    await lock.lock("right");
    const waits: number[] = [];
    for (let tries = 0; tries < 102; tries += 1) waits.push(await msUntilRefused());
    expect(waits.slice(0, 3)).toEqual([100, 200, 300]);
    expect(waits.slice(0, 100).reduce((sum, wait) => sum + wait)).toBe(505_000);
    expect(waits.slice(99)).toEqual([10_000, 10_000, 10_000]);
    expect(heard.at(-1)).toBe("wrong 102");
    await lock.unlock("right");
    expect(heard.at(-1)).toBe("unlocked");
  });

  it("forgets wrong passphrases once the right one came", async () => {
    await lock.lock("right");
    await msUntilRefused();
    await lock.unlock("right");
    await lock.lock("right");
    expect(await msUntilRefused()).toBe(100);
  });

  it("looks at one passphrase at a time, so that many guess no faster, and not even the right one gets in", async () => {
    await lock.lock("right");
    const first = expect(lock.unlock("wrong")).rejects.toMatchObject(wrong);
    await settle();
    const others = ["wrong", "right", "wrong"].map((each) => lock.unlock(each));
    const outcomes = await Promise.allSettled(others);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(outcomes[1]).toMatchObject({ reason: inTheWay });
    expect(looks).toBe(1);
    await clock.advance(100);
    await first;
    await lock.unlock("right");
  });

  it("can't be locked twice with another passphrase, nor unlocked where it is not locked", async () => {
    await expect(lock.unlock("right")).rejects.toMatchObject(inTheWay);
    await lock.lock("right");
    await expect(lock.lock("other")).rejects.toMatchObject(inTheWay);
    await lock.unlock("right");
    expect(heard).toEqual(["locked", "unlocked"]);
  });

  it("takes the first of two passphrases that come at once", async () => {
    const [first, second] = await Promise.allSettled([lock.lock("first"), lock.lock("second")]);
    expect([first.status, second.status]).toEqual(["fulfilled", "rejected"]);
    await lock.unlock("first");
  });

  it("locks again with the passphrase it has, if it has one", async () => {
    expect(() => lock.lockAgain()).toThrow(expect.objectContaining(inTheWay));
    await lock.lock("right");
    expect(() => lock.lockAgain()).toThrow(expect.objectContaining(inTheWay));
    await lock.unlock("right");
    lock.lockAgain();
    await msUntilRefused();
    await lock.unlock("right");
  });

  it("keeps nobody waiting when the agent stops, and looks at nothing any more", async () => {
    await lock.lock("right");
    const tried = expect(lock.unlock("wrong")).rejects.toMatchObject(wrong);
    await settle();
    lock.close();
    await tried;
    await expect(lock.unlock("right")).rejects.toMatchObject(inTheWay);
    expect(looks).toBe(1);
  });
});

describe("the lock of an idle agent", () => {
  const minute = 60_000;

  it("closes when nobody has used the agent for so long, and again after each unlock", async () => {
    await lock.lockLater("right", 30 * minute);
    expect(lock.idleMs).toBe(30 * minute);
    await clock.advance(29 * minute);
    lock.use();
    await clock.advance(30 * minute - 1);
    lock.lockIfIdle();
    expect(heard).toEqual([]);
    await clock.advance(1);
    lock.lockIfIdle();
    await clock.advance(minute);
    lock.lockIfIdle();
    await lock.unlock("right");
    lock.lockIfIdle();
    expect(heard).toEqual(["locked", "unlocked"]);
    await clock.advance(30 * minute);
    lock.lockIfIdle();
    expect(heard).toEqual(["locked", "unlocked", "locked"]);
  });

  it("closes before it lets in who comes first after the machine slept", async () => {
    await lock.lockLater("right", 30 * minute);
    clock.suspend(8 * 60 * minute);
    lock.use();
    expect(lock.lockedAt).toEqual(clock.now());
  });

  it("never closes by itself without a passphrase", async () => {
    await clock.advance(1000 * minute);
    lock.use();
    expect(lock.lockedAt).toBeUndefined();
    expect(lock.idleMs).toBe(Infinity);
  });

  it("takes no new passphrase while it is closed, not even one for later", async () => {
    await lock.lock("right");
    await expect(lock.lockLater("other", minute)).rejects.toMatchObject(inTheWay);
    await lock.unlock("right");
    expect(lock.idleMs).toBe(Infinity);
  });

  it("closes with the passphrase that it had where it is idle while another one is being taken", async () => {
    await lock.lockLater("right", minute);
    await clock.advance(minute);
    const taken = expect(lock.lockLater("other", minute)).rejects.toMatchObject(inTheWay);
    lock.lockIfIdle();
    await taken;
    await lock.unlock("right");
  });
});
