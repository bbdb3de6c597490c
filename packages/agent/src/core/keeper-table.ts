import { RoleAgentError } from "@role-agent/provider/errors";
import type { RoleEventType } from "@role-agent/provider/protocol";
import type { Clock } from "./clock.ts";
import { Keeper, type KeeperSettings } from "./keeper.ts";
import { mfaSource } from "./mfa-source.ts";
import { isPersonsTurn } from "./refresh-policy.ts";
import { needsPerson, parentOf, type IssuableRole, type Role } from "./role.ts";
import type { CredentialSource, PersonInput, RoleSession } from "./session.ts";
import { SourceDead } from "./source-dead.ts";
import { unchangedRoles } from "./unchanged-roles.ts";

/**
 * Obtains a session of a role, with its parent's session where its source is another role. `held` is the one that is to
 * be replaced.
 */
export type Issue = (
  role: IssuableRole,
  parent: RoleSession | undefined,
  input: PersonInput | undefined,
  held?: RoleSession,
) => Promise<RoleSession>;

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
  readonly onEvent: (type: RoleEventType, keeper: Keeper) => void;
}

interface Entry {
  readonly role: Role;
  readonly keeper: Keeper;
}

/** One keeper for each role of the configuration. */
export class KeeperTable {
  readonly #options: KeeperTableOptions;
  #entries: ReadonlyMap<string, Entry> = new Map();
  #roles: ReadonlyMap<string, Role> = new Map();

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
    const unchanged = unchangedRoles(this.#roles, plan.roles);
    const entries = new Map<string, Entry>();
    for (const role of plan.roles.values()) {
      const settings = {
        idleTimeoutMs: plan.idleTimeoutMs,
        isPrefetched: prefetch.has(role.name),
        isRenewedEarly: !needsPerson(role),
      };
      const old = unchanged.has(role.name) ? this.#entries.get(role.name) : undefined;
      old?.keeper.reconfigure(settings);
      entries.set(role.name, old ?? { role, keeper: this.#newKeeper(role, settings) });
    }
    this.#entries = entries;
    this.#roles = plan.roles;
  }

  /** The role, or its nearest ancestor, that a person's one-time code brings a session of. */
  mfaKeeperFor(name: string): Keeper | undefined {
    for (let entry = this.#entries.get(name); entry !== undefined; entry = this.#parentEntry(entry)) {
      if (entry.role.type === "session-token") return entry.keeper;
    }
    return undefined;
  }

  #newKeeper(role: Role, settings: KeeperSettings): Keeper {
    const { clock, onEvent } = this.#options;
    return new Keeper({
      name: role.name,
      source: this.#sourceFor(role),
      clock,
      settings,
      onEvent: (type, keeper) => {
        if (type === "issued") this.#unblockDescendants(keeper.name, () => true);
        if (type === "renewed") this.#unblockDescendants(keeper.name, isPersonsTurn);
        onEvent(type, keeper);
      },
    });
  }

  /** Roles that waited for this one's session, such as for a code of its device, need wait no longer. */
  #unblockDescendants(name: string, isOver: (error: RoleAgentError) => boolean): void {
    for (const entry of this.#entries.values()) {
      const { failure } = entry.keeper.state;
      if (failure === undefined || !isOver(failure.error)) continue;
      let ancestor = this.#parentEntry(entry);
      while (ancestor !== undefined && ancestor.role.name !== name) ancestor = this.#parentEntry(ancestor);
      if (ancestor !== undefined) entry.keeper.forgetFailure();
    }
  }

  #parentEntry({ role }: Entry): Entry | undefined {
    return this.#entries.get(parentOf(role) ?? "");
  }

  #sourceFor(role: Role): CredentialSource {
    if (role.type === "invalid") {
      const { problem, hint } = role;
      return () => Promise.reject(new RoleAgentError("InvalidConfiguration", problem, { hint }));
    }
    const { issue, clock } = this.#options;
    if (role.type === "session-token")
      return mfaSource(role, (input) => issue(role, undefined, input), clock);
    const parent = parentOf(role);
    if (parent === undefined) {
      return async () => issue(role, undefined, undefined, this.get(role.name)?.state.held?.session);
    }
    return async () => {
      const session = await this.#sessionOf(parent);
      try {
        return await issue(role, session, undefined);
      } catch (error) {
        if (!(error instanceof SourceDead)) throw error;
        return issue(role, await this.#replaced(parent, session), undefined);
      }
    };
  }

  async #sessionOf(name: string): Promise<RoleSession> {
    return (await this.#existing(name).session()).session;
  }

  /** Another session of a role than the one that AWS rejects; children that find out together share one renewal. */
  async #replaced(name: string, dead: RoleSession): Promise<RoleSession> {
    const keeper = this.#existing(name);
    const held = keeper.state.held?.session;
    return held === undefined || held === dead ? (await keeper.refresh()).session : held;
  }

  #existing(name: string): Keeper {
    const keeper = this.get(name);
    if (keeper !== undefined) return keeper;
    throw new RoleAgentError("InvalidConfiguration", `source role ${name} does not exist`);
  }
}
