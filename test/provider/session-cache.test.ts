import { RoleAgentError, type ErrorCode } from "@role-agent/provider/errors";
import type { CredentialsDocument } from "@role-agent/provider/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { SessionCache } from "../../packages/provider/src/session-cache.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const hour = 3_600_000;
const minute = 60_000;

let clock: FakeClock;
let requests: number;
/** How the next requests are answered: at once with a session of `lifetimeMs` where absent. */
let answer: (() => Promise<CredentialsDocument>) | undefined;
let lifetimeMs: number;
let cache: SessionCache;

function document(): CredentialsDocument {
  const Expiration = new Date(clock.now().wall + lifetimeMs).toISOString();
  return { Version: 1, AccessKeyId: "k", SecretAccessKey: "s", SessionToken: "t", Token: "t", Expiration };
}

function fail(code: ErrorCode): RoleAgentError {
  const error = new RoleAgentError(code, "no");
  answer = () => Promise.reject(error);
  return error;
}

async function expectFailure(code: ErrorCode, force: boolean): Promise<void> {
  const error = fail(code);
  await expect(cache.get(force)).rejects.toBe(error);
}

/** The agent takes the next request and is silent, until it is told to answer. */
function hang(): { succeed(): void; fail(code: ErrorCode): void } {
  const { promise, resolve, reject } = withResolvers<CredentialsDocument>();
  answer = () => promise;
  return { succeed: () => resolve(document()), fail: (code) => reject(new RoleAgentError(code, "no")) };
}

beforeEach(() => {
  clock = new FakeClock();
  requests = 0;
  answer = undefined;
  lifetimeMs = hour;
  cache = new SessionCache(
    async () => {
      requests += 1;
      return answer === undefined ? document() : answer();
    },
    {
      wall: () => clock.now().wall,
      mono: () => clock.now().mono,
      sleep: (ms, signal) => clock.sleep(ms, signal),
    },
  );
});

describe("the provider's copy", () => {
  it("is dropped when the agent says that it is locked, however long it would be valid", async () => {
    await cache.get(false);
    await clock.advance(minute);
    await expectFailure("Locked", false);
    await expectFailure("AgentUnreachable", false);
  });

  it("of an hour's session is handed out for a minute, then the agent is asked again", async () => {
    await cache.get(false);
    await clock.advance(minute - 1);
    await cache.get(false);
    expect(requests).toBe(1);
    await clock.advance(1);
    await cache.get(false);
    expect(requests).toBe(2);
  });

  it("of a short session is handed out for a tenth of what was left", async () => {
    lifetimeMs = 10_000;
    await cache.get(false);
    await clock.advance(999);
    await cache.get(false);
    expect(requests).toBe(1);
    await clock.advance(1);
    await cache.get(false);
    expect(requests).toBe(2);
  });

  it("serves while the agent is away, until 30 s before its end", async () => {
    const good = await cache.get(false);
    const unreachable = fail("AgentUnreachable");
    await clock.advance(hour - 30_001);
    expect(await cache.get(false)).toBe(good);
    await clock.advance(1);
    await expect(cache.get(false)).rejects.toBe(unreachable);
  });

  it("does not outlive its session when the machine slept or its clock was set back", async () => {
    await cache.get(false);
    const unreachable = fail("AgentUnreachable");
    clock.suspend(2 * hour);
    await expect(cache.get(false)).rejects.toBe(unreachable);
    clock.setWallBy(-6 * hour);
    await clock.advance(2 * hour);
    await expect(cache.get(false)).rejects.toBe(unreachable);
  });

  it.each(["MfaRequired", "LoginRequired", "KeychainLocked", "KeychainUnavailable"] as const)(
    "serves while an agent that was restarted says %s",
    async (code) => {
      const good = await cache.get(false);
      const error = fail(code);
      await clock.advance(hour - minute);
      expect(await cache.get(true)).toBe(good);
      await clock.advance(minute);
      await expect(cache.get(true)).rejects.toBe(error);
    },
  );

  it.each(["AccessDenied", "ConfirmationDenied", "Locked", "InvalidConfiguration", "RoleNotFound"] as const)(
    "is not handed out when the agent says %s, and not after that",
    async (code) => {
      await cache.get(false);
      await expectFailure(code, true);
      await expectFailure("AgentUnreachable", true);
    },
  );
});

describe("an agent that is slow", () => {
  it("is waited for 500 ms where there is a copy, and its answer is taken when it comes", async () => {
    const good = await cache.get(false);
    const agent = hang();
    const got = outcome(cache.get(true));
    await clock.advance(499);
    expect(got.settled).toBe(false);
    await clock.advance(1);
    expect(await got.promise).toBe(good);
    agent.succeed();
    await settle();
    expect(await cache.get(false)).not.toBe(good);
    expect(requests).toBe(2);
  });

  it("is asked once, and who comes later does not wait again", async () => {
    const good = await cache.get(false);
    hang();
    const first = cache.get(true);
    await clock.advance(500);
    expect(await first).toBe(good);
    expect(await cache.get(true)).toBe(good);
    expect(requests).toBe(2);
  });

  it("is waited for to the end where there is no copy", async () => {
    const agent = hang();
    const got = outcome(cache.get(false));
    await clock.advance(minute);
    expect(got.settled).toBe(false);
    agent.succeed();
    expect(await got.promise).toMatchObject({ AccessKeyId: "k" });
  });

  it("is waited for to the end where the copy has ended meanwhile", async () => {
    await cache.get(false);
    await clock.advance(hour - 30_100);
    const agent = hang();
    const got = outcome(cache.get(false));
    await clock.advance(minute);
    expect(got.settled).toBe(false);
    agent.fail("SourceUnavailable");
    await expect(got.promise).rejects.toMatchObject({ code: "SourceUnavailable" });
  });

  it.each(["Locked", "AccessDenied", "ConfirmationDenied", "RoleNotFound"] as const)(
    "has the copy dropped when it says %s in the end",
    async (code) => {
      const good = await cache.get(false);
      const agent = hang();
      const first = cache.get(true);
      await clock.advance(500);
      expect(await first).toBe(good);
      agent.fail(code);
      await settle();
      await expect(cache.get(false)).rejects.toMatchObject({ code });
      await expectFailure("AgentUnreachable", false);
    },
  );

  it("that says Locked within 500 ms hands out nothing", async () => {
    await cache.get(false);
    const agent = hang();
    const got = outcome(cache.get(true));
    await clock.advance(400);
    agent.fail("Locked");
    await expect(got.promise).rejects.toMatchObject({ code: "Locked" });
  });
});

function outcome(promise: Promise<CredentialsDocument>): {
  promise: Promise<CredentialsDocument>;
  settled: boolean;
} {
  const result = { promise, settled: false };
  const settled = (): void => void (result.settled = true);
  void promise.then(settled, settled);
  return result;
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let settlers: { resolve: (value: T) => void; reject: (error: Error) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settlers = { resolve, reject };
  });
  promise.catch(() => undefined);
  return {
    promise,
    resolve: (value) => settlers?.resolve(value),
    reject: (error) => settlers?.reject(error),
  };
}
