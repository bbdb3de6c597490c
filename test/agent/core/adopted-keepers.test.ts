import { RoleAgentError } from "@role-agent/provider";
import { beforeEach, expect, it } from "vitest";
import { KeeperTable } from "../../../packages/agent/src/core/keeper-table.ts";
import type { AssumeRole, Role } from "../../../packages/agent/src/core/role.ts";
import { revealed, type IssuedSession, type RoleSession } from "../../../packages/agent/src/core/session.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { FakeSource } from "../../support/fake-session.ts";

const minute = 60_000;
let clock: FakeClock;
let source: FakeSource;

beforeEach(() => {
  clock = new FakeClock();
  source = new FakeSource(clock);
});

/** Secrets are compared by what they are, not by what they print. */
function shown(session: RoleSession | undefined): IssuedSession | undefined {
  return session === undefined ? undefined : revealed(session);
}

function role(
  name: string,
  change: Partial<Pick<AssumeRole, "roleArn" | "roleSessionName" | "source">> = {},
): AssumeRole {
  return {
    type: "assume-role",
    name,
    definedIn: `roles.${name}`,
    roleArn: `arn:aws:iam::123456789012:role/${name}`,
    roleSessionName: "me",
    durationSeconds: 3600,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
    source: { type: "profile", profile: "base" },
    ...change,
  };
}

function tableOf(...roles: readonly Role[]): KeeperTable {
  return tableWaitingFor(() => undefined, ...roles);
}

/** One that may yet be left something. */
function tableWaitingFor(
  inheritance: () => Promise<void> | undefined,
  ...roles: readonly Role[]
): KeeperTable {
  const table = new KeeperTable({
    clock,
    issue: source.issue,
    fileMark: () => "",
    inheritance,
    onEvent: () => undefined,
  });
  table.apply({ roles: byName(roles), prefetch: [], idleTimeoutMs: 30 * minute });
  return table;
}

function byName(roles: readonly Role[]): ReadonlyMap<string, Role> {
  return new Map(roles.map((each) => [each.name, each]));
}

/** What a table that holds a session of each of these roles leaves, as it comes out of a channel of JSON. */
async function left(...roles: readonly Role[]): Promise<Parameters<KeeperTable["adopt"]>> {
  const before = tableOf(...roles);
  for (const { name } of roles) await before.get(name)?.session();
  return JSON.parse(JSON.stringify([before.kept(), roles]));
}

function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settled) => (resolve = settled));
  return { promise, resolve: () => resolve() };
}

it("a keeper goes on with the session, its age and its next renewal, and asks nobody", async () => {
  const before = tableOf(role("deploy"));
  const first = await before.get("deploy")?.session();
  await clock.advance(10 * minute);
  const after = tableOf(role("deploy"));
  after.adopt(before.kept(), [role("deploy")]);
  const now = clock.now();
  expect(after.get("deploy")?.peek()).toEqual(first);
  expect(after.get("deploy")?.describe(now)).toEqual(before.get("deploy")?.describe(now));
  expect(source.calls).toBe(1);
});

it("a role that was asked for lately is renewed, one that was not is left alone", async () => {
  const definitions = [role("deploy"), role("idle")];
  const before = tableOf(...definitions);
  for (const { name } of definitions) await before.get(name)?.session();
  await clock.advance(29 * minute);
  before.get("deploy")?.peek();
  const after = tableOf(...definitions);
  after.adopt(before.kept(), definitions);
  await clock.advance(5 * minute);
  for (const keeper of after) keeper.tend(clock.now());
  expect(source.calls).toBe(3);
  expect(after.get("idle")?.describe(clock.now()).msUntilAttempt).toBe(Infinity);
});

it("a session that has ended on the way is not served", async () => {
  const estate = await left(role("deploy"));
  await clock.advance(61 * minute);
  const after = tableOf(role("deploy"));
  after.adopt(...estate);
  expect(after.get("deploy")?.peek()).toBeUndefined();
});

it.each<[what: string, after: Role]>([
  ["another ARN", role("deploy", { roleArn: "arn:aws:iam::123456789012:role/Other" })],
  ["another session name", role("deploy", { roleSessionName: "you" })],
  ["another source", role("deploy", { source: { type: "profile", profile: "other" } })],
])("a role with %s gets nothing of the one before", async (_what, changed) => {
  const after = tableOf(changed);
  after.adopt(...(await left(role("deploy"))));
  expect(after.get("deploy")?.peek()).toBeUndefined();
});

it("a role gets nothing where its parent is another", async () => {
  const child = role("child", { source: { type: "role", role: "parent" } });
  const estate = await left(role("parent"), child);
  const after = tableOf(role("parent", { roleSessionName: "you" }), child);
  after.adopt(...estate);
  expect([...after].map((keeper) => keeper.peek())).toEqual([undefined, undefined]);
});

it("a locked keeper takes no session", async () => {
  const after = tableOf(role("deploy"));
  after.lock();
  after.adopt(...(await left(role("deploy"))));
  after.unlock();
  expect(after.get("deploy")?.peek()).toBeUndefined();
});

it("a keeper that has a session by now keeps its own", async () => {
  const estate = await left(role("deploy"));
  const after = tableOf(role("deploy"));
  const own = await after.get("deploy")?.session();
  expect(after.adopt(...estate)).toEqual([]);
  expect(after.get("deploy")?.peek()).toEqual(own);
});

it("while a session may still come, whoever asks waits for it, and AWS is not asked", async () => {
  const estate = await left(role("deploy"));
  const { promise, resolve } = gate();
  let coming: Promise<void> | undefined = promise;
  const after = tableWaitingFor(() => coming, role("deploy"));
  const asked = after.get("deploy")?.session();
  for (const keeper of after) keeper.tend(clock.now());
  await settle();
  expect(source.calls).toBe(1);
  after.adopt(...estate);
  coming = undefined;
  resolve();
  expect(shown((await asked)?.session)).toEqual(estate[0][0]?.held?.session);
  expect(source.calls).toBe(1);
});

it("where none comes, AWS is asked", async () => {
  let coming: Promise<void> | undefined = Promise.resolve().then(() => void (coming = undefined));
  const after = tableWaitingFor(() => coming, role("deploy"));
  await after.get("deploy")?.session();
  expect(source.calls).toBe(1);
});

it("a session that comes while AWS is being asked is given to who waits, where AWS fails", async () => {
  const estate = await left(role("deploy"));
  const after = tableOf(role("deploy"));
  const { promise, resolve } = gate();
  source.gate = promise;
  source.failure = new Error("AWS is down");
  const asked = after.get("deploy")?.session();
  await settle();
  after.adopt(...estate);
  resolve();
  expect(shown((await asked)?.session)).toEqual(estate[0][0]?.held?.session);
});

it("a role that failed for want of its parent's session is tried again once that is handed down", async () => {
  const parent = role("parent");
  const child = role("child", { source: { type: "role", role: "parent" } });
  const estate = await left(parent);
  const after = tableOf(parent, child);
  source.failure = new RoleAgentError("MfaRequired", "a code is needed");
  await expect(after.get("child")?.session()).rejects.toMatchObject({ code: "MfaRequired" });
  source.failure = undefined;
  expect(after.adopt(...estate).map(({ name }) => name)).toEqual(["parent"]);
  await after.get("child")?.session();
});
