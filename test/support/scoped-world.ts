import { KeeperTable } from "../../packages/agent/src/core/keeper-table.ts";
import { OperationMissing } from "../../packages/agent/src/core/operation-missing.ts";
import { RenewalLoop } from "../../packages/agent/src/core/renewal-loop.ts";
import type {
  AssumeRole,
  IssuableRole,
  Role,
  ScopedRole,
  SessionTokenRole,
} from "../../packages/agent/src/core/role.ts";
import type { RoleSession } from "../../packages/agent/src/core/session.ts";
import { onTestFinished } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import { fakeSession } from "./fake-session.ts";

const hour = 3_600_000;

/** Assumed with a profile's keys, for an hour. */
export const deployRole: AssumeRole = {
  type: "assume-role",
  name: "deploy",
  definedIn: "test",
  roleArn: "arn:aws:iam::123456789012:role/Deploy",
  source: { type: "profile", profile: "base" },
  roleSessionName: "test",
  durationSeconds: 3600,
  policyArns: [],
  tags: {},
  transitiveTagKeys: [],
};

/** A user's session of 12 hours that takes a person's code. */
export const deviceRole: SessionTokenRole = {
  type: "session-token",
  name: "alice",
  definedIn: "test",
  source: { type: "profile", profile: "base" },
  mfaSerial: "arn:aws:iam::123456789012:mfa/alice",
  askedAs: "alice",
  durationSeconds: 43_200,
};

/** `deploy`, narrowed. */
export const readonlyRole: ScopedRole = {
  type: "scoped",
  name: "readonly",
  definedIn: "test",
  sourceRole: "deploy",
  policy: '{"Version":"2012-10-17","Statement":[]}',
};

/** Keepers and their loop over a fake STS that narrows sessions as AWS does: never beyond the end of the source's. */
export class ScopedWorld {
  readonly clock: FakeClock = new FakeClock();
  readonly calls: IssuableRole[] = [];
  readonly table: KeeperTable;
  /** What the next calls for roles of this type end with. */
  readonly failures: Map<string, Error> = new Map();
  readonly #loop: RenewalLoop;

  constructor(
    roles: readonly Role[],
    { idleTimeoutMs = 12 * hour, prefetch = [] as readonly string[] } = {},
  ) {
    this.table = new KeeperTable({
      clock: this.clock,
      issue: async (role, parent) => this.#issue(role, parent),
      onEvent: () => this.#loop.wake(),
      fileMark: () => "",
    });
    this.#loop = new RenewalLoop(this.table, this.clock);
    this.table.apply({ roles: new Map(roles.map((role) => [role.name, role])), prefetch, idleTimeoutMs });
    void this.#loop.run();
    onTestFinished(() => this.#loop.stop());
  }

  /** How many calls there were for roles of a type. */
  count(type: IssuableRole["type"]): number {
    return this.calls.filter((role) => role.type === type).length;
  }

  /** Has an endpoint without GetScopedCredentials. */
  lackOperation(): void {
    this.failures.set("scoped", new OperationMissing("InvalidConfiguration", "InvalidAction"));
  }

  /** Asks for a role once a minute, as a busy client does, and counts how often it got nothing valid. */
  async askEveryMinute(name: string, minutes: number): Promise<number> {
    let failed = 0;
    for (let passed = 0; passed < minutes; passed += 1) {
      await this.clock.advance(60_000);
      try {
        const held = await this.table.get(name)?.session();
        if (held === undefined || held.session.expiresAt <= this.clock.now().wall) failed += 1;
      } catch {
        failed += 1;
      }
    }
    return failed;
  }

  #issue(role: IssuableRole, parent: RoleSession | undefined): RoleSession {
    this.calls.push(role);
    const failure = this.failures.get(role.type);
    if (failure !== undefined) throw failure;
    const asked = "durationSeconds" in role ? (role.durationSeconds ?? Infinity) * 1000 : Infinity;
    const now = this.clock.now().wall;
    const left = role.type === "scoped" ? (parent?.expiresAt ?? now) - now : Infinity;
    return fakeSession(this.calls.length, now, Math.min(asked, left));
  }
}
