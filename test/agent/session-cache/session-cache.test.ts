import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError } from "@role-agent/provider";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { KeptSessions } from "../../../packages/agent/src/handover/estate.ts";
import { SessionCache } from "../../../packages/agent/src/session-cache/session-cache.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { fakeIssued } from "../../support/fake-session.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const key = Buffer.alloc(32, 7);
const nothing: KeptSessions = { roles: [], kept: [] };
let clock: FakeClock;
let path: string;
let log: string[];

beforeEach(() => {
  clock = new FakeClock();
  path = join(temporaryDirectory(), "state", "sessions.sealed");
  log = [];
});

/** The sessions of these roles, as they come now. */
function sessionsOf(...names: readonly string[]): KeptSessions {
  const receivedAt = clock.now();
  return {
    roles: names.map((name) => ({ name })),
    kept: names.map((name, index) => {
      const session = fakeIssued(index, receivedAt.wall, 3_600_000);
      return { name, renewAt: 0.5, held: { session, receivedAt } };
    }),
  };
}

/** One agent's cache, with a keychain that a test may have fail or hang. */
class TestCache {
  held = nothing;
  taken: KeptSessions[] = [];
  keyReads = 0;
  keyRemovals = 0;
  readKey = async (): Promise<Buffer> => key;
  readonly cache: SessionCache;

  constructor({ environment = "", boot = "one" }: { environment?: string; boot?: string } = {}) {
    const [lines, own] = [log, path];
    const say =
      (level: string) =>
      (text: string): void =>
        void lines.push(`${level} ${text.replaceAll(own, "FILE")}`);
    this.cache = new SessionCache({
      clock,
      environment,
      log: { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") },
      path,
      place: { uid: 1000, socketPath: "/agent.sock", configPath: "/config.toml" },
      boot,
      readKey: async () => {
        this.keyReads += 1;
        return this.readKey();
      },
      removeKey: async () => void (this.keyRemovals += 1),
      held: () => this.held,
      takeUp: (sessions) => {
        this.taken.push(sessions);
        this.held = sessions;
        return sessions.kept.length;
      },
    });
    // A write that is under way would come into the directory while it is being removed.
    onTestFinished(() => this.cache.close());
  }

  /** It holds the sessions of these roles from now on. */
  hold(...names: readonly string[]): void {
    this.held = sessionsOf(...names);
    this.cache.changed();
  }
}

/** Lets the file system do what it was asked for. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 500) throw new Error(`it does not come to that; the log: ${log.join("\n")}`);
    await sleep(10);
  }
}

/** The cache of an agent that held the session of `deploy` and was killed. */
async function killed(options: ConstructorParameters<typeof TestCache>[0] = {}): Promise<void> {
  const before = new TestCache(options);
  before.cache.open();
  before.hold("deploy");
  await until(() => existsSync(path));
  before.cache.leave();
  log = [];
}

describe("a session cache", () => {
  it("goes on with what the agent before held, and asks the keychain once", async () => {
    await killed();
    const { cache, taken, ...next } = started();
    expect(cache.opening).toBeDefined();
    await until(() => taken.length === 1);
    await cache.opening;
    expect(cache.opening).toBeUndefined();
    expect(taken[0]?.kept.map(({ name }) => name)).toEqual(["deploy"]);
    expect(next.of.keyReads).toBe(1);
    expect(log).toEqual(["info session cache: going on with 1 of 1 sessions"]);
  });

  it("does not ask the keychain before there is something to keep, and is waited for by nobody", async () => {
    const { of, cache } = started();
    expect(cache.opening).toBeUndefined();
    cache.changed();
    await sleep(20);
    expect(of.keyReads).toBe(0);
    of.hold("deploy");
    await until(() => existsSync(path));
    expect(of.keyReads).toBe(1);
  });

  it("is written once a second at most, with the newest of what is held", async () => {
    const { of } = started();
    of.hold("deploy");
    await until(() => existsSync(path));
    const first = readFileSync(path);
    of.hold("deploy", "ci");
    of.hold("deploy", "ci", "audit");
    await sleep(50);
    expect(readFileSync(path)).toEqual(first);
    await clock.advance(1000);
    await until(() => !readFileSync(path).equals(first));
    const next = started();
    await until(() => next.taken.length === 1);
    expect(next.taken[0]?.kept).toHaveLength(3);
  });

  it("is no file where nothing is held any more", async () => {
    const { of, cache } = started();
    of.hold("deploy");
    await until(() => existsSync(path));
    of.held = nothing;
    cache.changed();
    await clock.advance(1000);
    await until(() => !existsSync(path));
  });

  it("keeps what is yet to be written when the agent stops", async () => {
    const { of, cache } = started();
    of.hold("deploy");
    await until(() => existsSync(path));
    of.hold("deploy", "ci");
    await cache.close();
    const next = started();
    await until(() => next.taken.length === 1);
    expect(next.taken[0]?.kept).toHaveLength(2);
  });
});

describe("a session cache is dropped", () => {
  it("when the agent is locked: at once, with its key, and what was under way", async () => {
    const { of, cache } = started();
    of.hold("deploy");
    await until(() => existsSync(path));
    of.hold("deploy", "ci");
    cache.drop();
    expect(existsSync(path)).toBe(false);
    await clock.advance(5000);
    await sleep(50);
    expect(existsSync(path)).toBe(false);
    expect(of.keyRemovals).toBe(1);
    of.hold("deploy");
    await clock.advance(1000);
    await until(() => existsSync(path));
    expect(of.keyReads).toBe(2);
  });

  it("when the agent is locked before the key has come", async () => {
    await killed();
    const { of, cache, taken } = started((next) => (next.readKey = () => new Promise(() => undefined)));
    cache.drop();
    expect(existsSync(path)).toBe(false);
    expect(cache.opening === undefined || (await cache.opening) === undefined).toBe(true);
    await sleep(20);
    expect([taken.length, of.keyRemovals]).toEqual([0, 1]);
  });

  it("when it is switched off", async () => {
    await killed();
    const { cache } = new TestCache();
    cache.shut();
    expect(existsSync(path)).toBe(false);
    expect(log).toEqual(["info session cache: its file is removed"]);
  });

  it.each<[what: string, spoil: () => void, options: { environment?: string }, why: RegExp]>([
    ["damaged", () => writeFileSync(path, readFileSync(path).subarray(0, -1)), {}, /it is damaged/],
    ["empty", () => writeFileSync(path, ""), {}, /it is damaged/],
    ["of another AWS", () => undefined, { environment: "another" }, /other AWS_ variables/],
  ])("where it is %s, and told of in one line", async (_what, spoil, options, why) => {
    await killed();
    spoil();
    const next = new TestCache(options);
    next.cache.open();
    await until(() => log.length > 0);
    await until(() => !existsSync(path));
    expect(log).toEqual([expect.stringMatching(/^warn session cache: FILE is ignored: /)]);
    expect(log[0]).toMatch(why);
    expect(next.taken).toEqual([]);
  });

  it("where the wall clock of a machine that has started again says less than when it was sealed", async () => {
    await killed();
    clock.setWallBy(-1);
    const next = new TestCache({ boot: "two" });
    next.cache.open();
    await until(() => next.taken.length === 1);
    expect(next.taken[0]?.kept).toEqual([]);
  });
});

describe("where the key does not come,", () => {
  it("clients wait for three seconds and no longer, and it is taken up when it does", async () => {
    await killed();
    let give = (_key: Buffer): void => undefined;
    const { cache, taken } = started(
      (next) => (next.readKey = () => new Promise((resolve) => (give = resolve))),
    );
    await clock.advance(2999);
    expect(cache.opening).toBeDefined();
    await clock.advance(1);
    expect(cache.opening).toBeUndefined();
    give(key);
    await until(() => taken.length === 1);
  });

  it("because another command writes the key file, it is asked for again", async () => {
    await killed();
    const { of, taken } = started((next) => {
      next.readKey = () => Promise.reject(new RoleAgentError("InvalidConfiguration", "it is being written"));
    });
    await until(() => of.keyReads === 1);
    of.readKey = async () => key;
    await clock.advance(5000);
    await until(() => taken.length === 1);
  });

  it("it is asked for again at growing pauses, and told of once", async () => {
    await killed();
    const { of, taken, cache } = started((next) => {
      next.readKey = () =>
        Promise.reject(new RoleAgentError("KeychainUnavailable", "there is none", { hint: "start it" }));
    });
    await until(() => of.keyReads === 1);
    for (const pause of [5000, 10_000, 20_000]) {
      const reads = of.keyReads;
      await clock.advance(pause - 1);
      expect(of.keyReads).toBe(reads);
      await clock.advance(1);
      expect(of.keyReads).toBe(reads + 1);
    }
    const told = "session cache: not in use, serving goes on: there is none; start it";
    expect(log).toEqual([`warn ${told}`]);
    expect(cache.status?.lastError).toMatchObject({ code: "KeychainUnavailable", message: "there is none" });
    of.readKey = async () => key;
    await clock.advance(40_000);
    await until(() => taken.length === 1);
    await until(() => log.length === 3);
    expect(log.slice(1)).toEqual([
      "info session cache: going on with 1 of 1 sessions",
      "info session cache: in use again",
    ]);
    expect(cache.status).toEqual({ path, lastError: null });
  });

  it("and a person is asked for it, they are asked again only when they say so", async () => {
    await killed();
    const { of, taken, cache } = started((next) => {
      next.readKey = () => Promise.reject(new RoleAgentError("KeychainLocked", "the prompt was dismissed"));
    });
    await until(() => of.keyReads === 1);
    await clock.advance(86_400_000);
    expect(of.keyReads).toBe(1);
    of.readKey = async () => key;
    clock.setWallBy(-86_400_000);
    cache.retry();
    await until(() => taken.length === 1);
  });
});

it("a disk that takes nothing is told of once, and tried again", async () => {
  const { of } = started();
  mkdirSync(path, { recursive: true });
  of.hold("deploy");
  await until(() => log.length > 0);
  of.hold("deploy", "ci");
  await clock.advance(1000);
  await sleep(50);
  expect(log).toEqual([
    expect.stringMatching(/^warn session cache: not in use, serving goes on: FILE can't be written: EISDIR/),
  ]);
  rmSync(path, { recursive: true });
  await clock.advance(60_000);
  await until(() => existsSync(path));
  await until(() => log.length === 2);
  expect(log[1]).toBe("info session cache: in use again");
});

/** The cache of an agent that starts now. */
function started(prepare: (next: TestCache) => void = () => undefined): {
  of: TestCache;
  cache: SessionCache;
  taken: KeptSessions[];
} {
  const of = new TestCache();
  prepare(of);
  of.cache.open();
  return { of, cache: of.cache, taken: of.taken };
}
