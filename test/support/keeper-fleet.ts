import { onTestFinished } from "vitest";
import type { Keeper } from "../../packages/agent/src/core/keeper.ts";
import { KeeperTable } from "../../packages/agent/src/core/keeper-table.ts";
import { RenewalLoop } from "../../packages/agent/src/core/renewal-loop.ts";
import type { AssumeRole } from "../../packages/agent/src/core/role.ts";
import type { RoleSession } from "../../packages/agent/src/core/session.ts";
import { FakeClock } from "./fake-clock.ts";
import { fakeSession } from "./fake-session.ts";

/** What a fleet is like. */
export interface FleetOptions {
  readonly roles: number;
  readonly lifetimeMs: number;
}

/** One call of AWS. */
export interface FleetCall {
  readonly role: string;
  /** Milliseconds since the fleet was made, by the clock that only goes forward. */
  readonly at: number;
}

/** Roles that are kept fresh by a keeper each, from one set of source credentials, on a fake clock. */
export class KeeperFleet {
  readonly clock: FakeClock = new FakeClock();
  readonly calls: FleetCall[] = [];
  /** What AWS does; gives a session unless a test says otherwise. */
  answer: (session: RoleSession) => Promise<RoleSession> = async (session) => session;
  readonly #table: KeeperTable;
  readonly #loop: RenewalLoop;

  constructor({ roles, lifetimeMs }: FleetOptions) {
    let seed = 1;
    // Of no statistical merit, and the same each time: a fraction of the golden ratio's multiples.
    this.clock.random = () => (seed++ * 0.618_033_988_75) % 1;
    this.#table = new KeeperTable({
      clock: this.clock,
      issue: async ({ name }) => {
        this.calls.push({ role: name, at: this.clock.now().mono });
        return this.answer(fakeSession(this.calls.length, this.clock.now().wall, lifetimeMs));
      },
      fileMark: () => "",
      onEvent: () => this.#loop.wake(),
    });
    this.#loop = new RenewalLoop(this.#table, this.clock);
    const names = Array.from({ length: roles }, (_each, index) => `role-${index}`);
    this.#table.apply({
      roles: new Map(names.map((name) => [name, fleetRole(name)])),
      prefetch: names,
      idleTimeoutMs: 12 * 3_600_000,
    });
    onTestFinished(() => this.#loop.stop());
  }

  get keepers(): readonly Keeper[] {
    return [...this.#table];
  }

  /** All roles at once, as when clients ask for all of them. */
  async load(): Promise<void> {
    await Promise.all(this.keepers.map(async (keeper) => keeper.session()));
  }

  /** Has the keepers tended from now on. */
  tend(): void {
    void this.#loop.run();
  }

  /** Lets time pass; answers when AWS was called meanwhile. */
  async callsDuring(ms: number): Promise<readonly FleetCall[]> {
    const before = this.calls.length;
    await this.clock.advance(ms);
    return this.calls.slice(before);
  }
}

/** The most of these calls within any time of so many milliseconds. */
export function mostWithin(calls: readonly { readonly at: number }[], ms: number): number {
  let most = 0;
  let first = 0;
  for (const [index, { at }] of calls.entries()) {
    while ((calls[first]?.at ?? at) <= at - ms) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

function fleetRole(name: string): AssumeRole {
  return {
    type: "assume-role",
    name,
    definedIn: "test",
    roleArn: "arn:aws:iam::123456789012:role/Deploy",
    source: { type: "profile", profile: "base" },
    roleSessionName: "test",
    durationSeconds: 3600,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
  };
}
