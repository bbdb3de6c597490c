import { RoleAgentError } from "@role-agent/provider/errors";
import type { Clock } from "./clock.ts";
import { Keeper } from "./keeper.ts";
import { parentOf, type IssuableRole, type Role } from "./role.ts";
import type { CredentialSource, RoleSession } from "./session.ts";

/** Obtains a session of a role, with its parent's session where its source is another role. */
export type Issue = (role: IssuableRole, parent: RoleSession | undefined) => Promise<RoleSession>;

/** The part of the configuration that decides which keepers there are. */
export interface KeeperPlan {
  readonly roles: ReadonlyMap<string, Role>;
  readonly prefetch: readonly string[];
  readonly idleTimeoutMs: number;
}

/** What the keepers share. */
export interface KeeperTableOptions {
  readonly clock: Clock;
  readonly issue: Issue;
  readonly onAttempt: (keeper: Keeper) => void;
}

interface Entry {
  readonly keeper: Keeper;
  /** The role and its chain of parents as text: the same text means the same session. */
  readonly fingerprint: string;
}

/** One keeper for each role of the configuration. */
export class KeeperTable {
  readonly #options: KeeperTableOptions;
  #entries: ReadonlyMap<string, Entry> = new Map();

  constructor(options: KeeperTableOptions) {
    this.#options = options;
  }

  get(name: string): Keeper | undefined {
    return this.#entries.get(name)?.keeper;
  }

  *[Symbol.iterator](): Generator<Keeper> {
    for (const { keeper } of this.#entries.values()) yield keeper;
  }

  /** Takes a new configuration: keepers of unchanged roles go on with their sessions, the others start anew. */
  apply(plan: KeeperPlan): void {
    const prefetch = new Set(plan.prefetch);
    const entries = new Map<string, Entry>();
    for (const role of plan.roles.values()) {
      const settings = { idleTimeoutMs: plan.idleTimeoutMs, isPrefetched: prefetch.has(role.name) };
      const fingerprint = fingerprintOf(role, plan.roles);
      const old = this.#entries.get(role.name);
      if (old?.fingerprint === fingerprint) {
        old.keeper.reconfigure(settings);
        entries.set(role.name, old);
      } else {
        const { clock, onAttempt } = this.#options;
        const source = this.#sourceFor(role);
        entries.set(role.name, {
          keeper: new Keeper({ name: role.name, source, clock, settings, onAttempt }),
          fingerprint,
        });
      }
    }
    this.#entries = entries;
  }

  #sourceFor(role: Role): CredentialSource {
    if (role.type === "invalid") {
      const { problem, hint } = role;
      return () => Promise.reject(new RoleAgentError("InvalidConfiguration", problem, { hint }));
    }
    const parent = parentOf(role);
    return async () =>
      this.#options.issue(role, parent === undefined ? undefined : await this.#sessionOf(parent));
  }

  async #sessionOf(name: string): Promise<RoleSession> {
    const keeper = this.get(name);
    if (keeper === undefined)
      throw new RoleAgentError("InvalidConfiguration", `source role ${name} does not exist`);
    return (await keeper.session()).session;
  }
}

function fingerprintOf(role: Role, roles: ReadonlyMap<string, Role>): string {
  const parent = parentOf(role);
  const parentRole = parent === undefined ? undefined : roles.get(parent);
  return JSON.stringify(role) + (parentRole === undefined ? "" : fingerprintOf(parentRole, roles));
}
