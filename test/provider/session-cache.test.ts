import { RoleAgentError } from "@role-agent/provider/errors";
import type { CredentialsDocument } from "@role-agent/provider/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { SessionCache } from "../../packages/provider/src/session-cache.ts";

const hour = 3_600_000;
const minute = 60_000;
const unreachable = new RoleAgentError("AgentUnreachable", "gone", { tryNextLink: true });

let wall: number;
let mono: number;
let requests: number;
let failure: Error | undefined;
let lifetimeMs: number;
let cache: SessionCache;

function pass(ms: number): void {
  wall += ms;
  mono += ms;
}

beforeEach(() => {
  wall = Date.parse("2026-11-24T12:00:00Z");
  mono = 0;
  requests = 0;
  failure = undefined;
  lifetimeMs = hour;
  cache = new SessionCache(
    async (): Promise<CredentialsDocument> => {
      requests += 1;
      if (failure !== undefined) throw failure;
      const Expiration = new Date(wall + lifetimeMs).toISOString();
      return {
        Version: 1,
        AccessKeyId: "k",
        SecretAccessKey: "s",
        SessionToken: "t",
        Token: "t",
        Expiration,
      };
    },
    { wall: () => wall, mono: () => mono },
  );
});

describe("the provider's copy", () => {
  it("is dropped when the agent says that it is locked, however long it would be valid", async () => {
    await cache.get(false);
    pass(minute);
    failure = new RoleAgentError("Locked", "the agent is locked");
    await expect(cache.get(false)).rejects.toBe(failure);
    failure = unreachable;
    await expect(cache.get(false)).rejects.toBe(failure);
  });

  it("of an hour's session is handed out for a minute, then the agent is asked again", async () => {
    await cache.get(false);
    pass(minute - 1);
    await cache.get(false);
    expect(requests).toBe(1);
    pass(1);
    await cache.get(false);
    expect(requests).toBe(2);
  });

  it("of a short session is handed out for a tenth of what was left", async () => {
    lifetimeMs = 10_000;
    await cache.get(false);
    pass(999);
    await cache.get(false);
    expect(requests).toBe(1);
    pass(1);
    await cache.get(false);
    expect(requests).toBe(2);
  });

  it("serves while the agent is away, until 30 s before its end", async () => {
    const good = await cache.get(false);
    failure = unreachable;
    pass(hour - 30_001);
    expect(await cache.get(false)).toBe(good);
    pass(1);
    await expect(cache.get(false)).rejects.toBe(unreachable);
  });

  it("does not outlive its session when the machine slept or its clock was set back", async () => {
    await cache.get(false);
    failure = unreachable;
    wall += 2 * hour;
    await expect(cache.get(false)).rejects.toBe(unreachable);
    wall -= 4 * hour;
    mono += 2 * hour;
    await expect(cache.get(false)).rejects.toBe(unreachable);
  });

  it.each(["AccessDenied", "Locked", "LoginRequired", "RoleNotFound"] as const)(
    "is not handed out when the agent says %s",
    async (code) => {
      await cache.get(false);
      failure = new RoleAgentError(code, "no");
      await expect(cache.get(true)).rejects.toBe(failure);
    },
  );
});
