import { RoleAgentError } from "@role-agent/provider/errors";
import { beforeEach, describe, expect, it } from "vitest";
import type { KeeperSettings } from "../../../packages/agent/src/core/keeper-options.ts";
import { Keeper } from "../../../packages/agent/src/core/keeper.ts";
import { RenewalLoop } from "../../../packages/agent/src/core/renewal-loop.ts";
import { remaining, type CredentialSource } from "../../../packages/agent/src/core/session.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { FakeSource } from "../../support/fake-session.ts";

const minute = 60_000;
const hour = 60 * minute;
const outage = new RoleAgentError("SourceUnavailable", "AWS can't be reached");
const loginDue = new RoleAgentError("LoginRequired", "nobody is signed in");
const refusal = new RoleAgentError("AccessDenied", "not authorized");

let clock: FakeClock;
let source: FakeSource;
let events: string[];
let loop: RenewalLoop;
let personHasActed: boolean;

function keeper(
  settings: Partial<KeeperSettings> = {},
  issue: CredentialSource = () => source.issue(),
): Keeper {
  const made = new Keeper({
    name: "deploy",
    source: issue,
    clock,
    settings: { isPrefetched: false, idleTimeoutMs: 12 * hour, isRenewedEarly: true, ...settings },
    hasPersonActed: () => {
      const hasActed = personHasActed;
      personHasActed = false;
      return hasActed;
    },
    onEvent: (type) => {
      events.push(type);
      loop.wake();
    },
  });
  loop = new RenewalLoop([made], clock);
  void loop.run();
  return made;
}

beforeEach(() => {
  clock = new FakeClock();
  source = new FakeSource(clock);
  events = [];
  personHasActed = false;
  return () => loop.stop();
});

/** Asks once a minute, as a busy client does, and counts how often it got nothing valid. */
async function askEveryMinute(role: Keeper, minutes: number): Promise<{ failed: number; invalid: number }> {
  let failed = 0;
  let invalid = 0;
  for (let passed = 0; passed < minutes; passed += 1) {
    await clock.advance(minute);
    try {
      const held = await role.session();
      if (held.session.expiresAt <= clock.now().wall) invalid += 1;
    } catch {
      failed += 1;
    }
  }
  return { failed, invalid };
}

describe("a keeper", () => {
  it("asks AWS for nothing before somebody asks it", async () => {
    keeper();
    await clock.advance(24 * hour);
    expect(source.calls).toBe(0);
  });

  it("keeps a prefetched role fresh from the start and for ever", async () => {
    keeper({ isPrefetched: true });
    await clock.advance(24 * hour);
    expect(source.calls).toBeGreaterThanOrEqual(43);
    expect(source.calls).toBeLessThanOrEqual(54);
  });

  it("makes one call for a thousand callers at once", async () => {
    const role = keeper();
    const sessions = await Promise.all(Array.from({ length: 1000 }, () => role.session()));
    expect(source.calls).toBe(1);
    expect(new Set(sessions).size).toBe(1);
  });

  it("gives a thousand callers of a failing call the same error", async () => {
    source.failure = outage;
    const role = keeper();
    const results = await Promise.allSettled(Array.from({ length: 1000 }, () => role.session()));
    expect(source.calls).toBe(1);
    expect(new Set(results.map((result) => result.status === "rejected" && result.reason))).toEqual(
      new Set([outage]),
    );
  });

  it.each([
    [0, 0.45],
    [1, 0.55],
  ])("with the random number %d renews at %d of the lifetime", async (random, share) => {
    clock.randoms = [random];
    const role = keeper();
    await role.session();
    await clock.advance(hour * share - 2000);
    expect(source.calls).toBe(1);
    await clock.advance(3000);
    expect(source.calls).toBe(2);
  });

  it("makes about two calls an hour for eight hours of hourly sessions, and always has a valid one", async () => {
    const role = keeper();
    await role.session();
    expect(await askEveryMinute(role, 8 * 60)).toEqual({ failed: 0, invalid: 0 });
    expect(source.calls).toBeGreaterThanOrEqual(15);
    expect(source.calls).toBeLessThanOrEqual(18);
  });

  it("serves the last session through an outage until it ends, and never after", async () => {
    const role = keeper();
    const { session } = await role.session();
    source.failure = outage;
    expect(await askEveryMinute(role, 59)).toEqual({ failed: 0, invalid: 0 });
    await clock.advance(session.expiresAt - clock.now().wall - 101);
    expect((await role.session()).session).toBe(session);
    // What is left now may pass on the way to the client.
    await clock.advance(1);
    await expect(role.session()).rejects.toMatchObject({ cause: outage });
  });

  it("answers the last error at once while the next attempt hangs", async () => {
    source.failure = outage;
    const role = keeper();
    await expect(role.session()).rejects.toBe(outage);
    source.gate = new Promise(() => undefined);
    await clock.advance(3000);
    expect(source.calls).toBe(2);
    await expect(role.session()).rejects.toMatchObject({ cause: outage });
  });

  it("has a session again within five seconds of AWS's return, while a client waits", async () => {
    const role = keeper();
    await role.session();
    source.failure = outage;
    expect((await askEveryMinute(role, 180)).failed).toBeGreaterThan(115);
    source.failure = undefined;
    await clock.advance(5000);
    expect(remaining(await role.session(), clock.now())).toBeGreaterThan(59 * minute);
  });

  it("tries again at once when a person says refresh", async () => {
    source.failure = refusal;
    const role = keeper();
    await expect(role.session()).rejects.toBe(refusal);
    source.failure = undefined;
    await role.refresh();
    await role.session();
    expect(source.calls).toBe(2);
  });

  it("tries again at once after its configuration was read again", async () => {
    source.failure = refusal;
    const role = keeper();
    await expect(role.session()).rejects.toBe(refusal);
    source.failure = undefined;
    role.reconfigure({ isPrefetched: false, idleTimeoutMs: hour, isRenewedEarly: true });
    await role.session();
    expect(source.calls).toBe(2);
  });

  it("never tries by itself what needs a person", async () => {
    source.failure = new RoleAgentError("MfaRequired", "a code is needed");
    const role = keeper();
    expect((await askEveryMinute(role, 120)).failed).toBe(120);
    expect(source.calls).toBe(1);
  });

  it("tries again by itself what says when, since that asks nobody", async () => {
    source.failure = new RoleAgentError("KeychainLocked", "locked, without a desktop", {
      retryAfterSeconds: 1,
    });
    const role = keeper();
    await expect(role.session()).rejects.toBe(source.failure);
    source.failure = undefined;
    await clock.advance(2000);
    await role.session();
  });

  it("tries again by itself, or at the next request, once the person has acted", async () => {
    source.failure = loginDue;
    const role = keeper();
    await expect(role.session()).rejects.toBe(loginDue);
    personHasActed = true;
    await expect(role.session()).rejects.toBe(loginDue);
    expect(source.calls).toBe(2);
    source.failure = undefined;
    personHasActed = true;
    await clock.advance(1900);
    expect(source.calls).toBe(2);
    await clock.advance(1100);
    expect(role.state.held).toBeDefined();
    expect(source.calls).toBe(3);
  });

  it("tries a refused role again once the person has signed in anew", async () => {
    source.failure = refusal;
    const role = keeper();
    await expect(role.session()).rejects.toBe(refusal);
    await expect(role.session()).rejects.toBe(refusal);
    expect(source.calls).toBe(1);
    personHasActed = true;
    await expect(role.session()).rejects.toBe(refusal);
    expect(source.calls).toBe(2);
  });

  it("takes nothing that a person did for the end of an outage", async () => {
    source.failure = outage;
    personHasActed = true;
    const role = keeper();
    await expect(role.session()).rejects.toThrow("can't be reached");
    await expect(role.session()).rejects.toThrow("can't be reached");
    expect(source.calls).toBe(1);
  });

  it("uses a session to its end where only a person can bring the next", async () => {
    const role = keeper({ isRenewedEarly: false });
    await role.session();
    expect(await askEveryMinute(role, 59)).toEqual({ failed: 0, invalid: 0 });
    expect(source.calls).toBe(1);
  });

  it("keeps the old session when the new one has already ended", async () => {
    const role = keeper();
    const { session } = await role.session();
    source.lifetimeMs = 0;
    await expect(role.refresh()).rejects.toMatchObject({ code: "SourceUnavailable" });
    expect((await role.session()).session).toBe(session);
  });

  it("stops renewing a role that nobody has asked for as long as its idle timeout", async () => {
    const role = keeper({ idleTimeoutMs: 2 * hour });
    await role.session();
    await clock.advance(24 * hour);
    expect(source.calls).toBeLessThanOrEqual(5);
    expect(role.state.held).toBeUndefined();
    await role.session();
  });

  it("asks AWS anew for the first who ask after its idle timeout, whatever was wrong when it was asked for last", async () => {
    const role = keeper({ idleTimeoutMs: 2 * hour });
    source.failure = refusal;
    await expect(role.session()).rejects.toMatchObject({ code: refusal.code });
    source.failure = undefined;
    await clock.advance(3 * hour);
    const { calls } = source;
    // As every endpoint does: what is at hand, else a session.
    const clients = [1, 2].map(async () => role.peek() ?? role.session());
    for (const held of await Promise.all(clients)) expect(remaining(held, clock.now())).toBeGreaterThan(0);
    expect(source.calls).toBe(calls + 1);
  });

  it("has a fresh session a second after a machine that slept for longer than the session wakes", async () => {
    const role = keeper();
    await role.session();
    clock.suspend(2 * hour);
    await clock.advance(1000);
    expect(source.calls).toBe(2);
    expect(remaining(await role.session(), clock.now())).toBeGreaterThan(59 * minute);
  });

  it("waits for a new session rather than serve one that ended while the machine slept", async () => {
    const role = keeper();
    await role.session();
    clock.suspend(2 * hour);
    expect((await role.session()).session.sessionToken.reveal()).toBe("token-2");
  });

  it.each([2 * hour, -2 * hour, 5 * minute, -5 * minute, 12 * 365 * 24 * hour, -56 * 365 * 24 * hour])(
    "makes at most one call more when the clock is set by %d ms, and serves nothing that has ended",
    async (jump) => {
      const role = keeper();
      await role.session();
      await clock.advance(10 * minute);
      clock.setWallBy(jump);
      await clock.advance(10 * minute);
      expect(source.calls).toBeLessThanOrEqual(2);
      expect(remaining(await role.session(), clock.now())).toBeGreaterThan(0);
      await clock.advance(9 * hour);
      source.failure = outage;
      await clock.advance(61 * minute);
      await expect(role.session()).rejects.toMatchObject({ cause: outage });
    },
  );

  it("tells that a session ended while its successor was on the way, and of that as a first one", async () => {
    const role = keeper();
    await role.session();
    let arrive = (): void => undefined;
    source.gate = new Promise((resolve) => (arrive = resolve));
    await clock.advance(2 * hour);
    arrive();
    await settle();
    expect(events).toEqual(["issued", "expired", "issued"]);
  });

  it("says since when it has failed, and when it tries again", async () => {
    source.failure = outage;
    const role = keeper();
    await role.session().catch(() => undefined);
    await clock.advance(30_000);
    await expect(role.session()).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: expect.stringMatching(/^AWS can't be reached \(for 30 s; next try in \d+ s\)$/),
      retryAfterSeconds: expect.any(Number),
    });
  });

  it("sends each code that a person brings by an attempt of its own", async () => {
    const brought: string[] = [];
    const role = keeper({}, async (input) => {
      brought.push(input?.mfaCode ?? "");
      return source.issue();
    });
    await Promise.all(["111111", "222222", "333333"].map((mfaCode) => role.refresh({ mfaCode })));
    expect(brought).toEqual(["111111", "222222", "333333"]);
  });

  it("tells of every attempt that ended, good or bad, and of the session's end", async () => {
    const role = keeper();
    await role.session();
    await role.refresh();
    source.failure = outage;
    await role.refresh().catch(() => undefined);
    await settle();
    expect(events).toEqual(["issued", "renewed", "failed"]);
    source.failure = loginDue;
    await clock.advance(2 * hour);
    expect(events.filter((type) => type !== "failed")).toEqual([
      "issued",
      "renewed",
      "needs-person",
      "expired",
    ]);
    source.failure = undefined;
    await role.refresh();
    await settle();
    expect(events.at(-1)).toBe("issued");
  });
});

describe("the state of a role", () => {
  const stateOf = (role: Keeper): string => role.describe(clock.now()).state;

  it("is idle before anybody asked, fresh after, renewing while AWS is asked", async () => {
    const role = keeper();
    expect(stateOf(role)).toBe("idle");
    const first = role.session();
    expect(stateOf(role)).toBe("renewing");
    await first;
    await settle();
    expect(stateOf(role)).toBe("fresh");
  });

  it("is failing while the old session is served, then expired", async () => {
    const role = keeper();
    await role.session();
    source.failure = outage;
    await clock.advance(0.6 * hour);
    expect(stateOf(role)).toBe("failing");
    await clock.advance(hour);
    expect(stateOf(role)).toBe("expired");
  });

  it.each([
    ["AccessDenied", "denied"],
    ["InvalidConfiguration", "denied"],
    ["MfaRequired", "needs-person"],
    ["LoginRequired", "needs-person"],
    ["KeychainLocked", "needs-person"],
  ] as const)("after %s is %s", async (code, state) => {
    source.failure = new RoleAgentError(code, "no");
    const role = keeper();
    await role.session().catch(() => undefined);
    await settle();
    expect(stateOf(role)).toBe(state);
  });
});
