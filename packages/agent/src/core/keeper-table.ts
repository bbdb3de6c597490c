import type { RoleAgentError } from "@role-agent/provider/errors";
import type { RoleEventType } from "@role-agent/provider/protocol";
import { agentLocked } from "./agent-lock.ts";
import { callAccount } from "./call-account.ts";
import type { Clock } from "./clock.ts";
import type { KeeperSettings } from "./keeper-options.ts";
import { Keeper } from "./keeper.ts";
import { LoginWatch, type FileMark } from "./login-watch.ts";
import type { KeptRole } from "./kept-role.ts";
import { isPersonsTurn } from "./refresh-policy.ts";
import { RenewalPace } from "./renewal-pace.ts";
import { needsPerson, parentOf, type Role } from "./role.ts";
import { RoleSources, type Issue } from "./role-sources.ts";
import type { Scope } from "./scoped-session.ts";
import type { RoleSession } from "./session.ts";
import { unchangedRoles } from "./unchanged-roles.ts";

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
  /** Looks at token files, so that a sign-in is noticed. */
  readonly fileMark: FileMark;
  /** While sessions of the agent before may still come. */
  readonly inheritance?: () => Promise<void> | undefined;
  readonly onEvent: (type: RoleEventType, keeper: Keeper) => void;
}

interface Entry {
  readonly role: Role;
  readonly keeper: Keeper;
  /** That its calls count for. */
  readonly account: string;
}

/** One keeper for each role of the configuration. */
export class KeeperTable {
  readonly #options: KeeperTableOptions;
  readonly #sources: RoleSources;
  readonly #pace = new RenewalPace({ lifetimes: (account) => this.#lifetimes(account) });
  #entries: ReadonlyMap<string, Entry> = new Map();
  #roles: ReadonlyMap<string, Role> = new Map();
  #isLocked = false;

  constructor(options: KeeperTableOptions) {
    this.#options = options;
    this.#sources = new RoleSources(options, {
      keeper: (name) => this.get(name),
      role: (name) => this.#roles.get(name),
    });
  }

  get(name: string): Keeper | undefined {
    return this.#entries.get(name)?.keeper;
  }

  *[Symbol.iterator](): Generator<Keeper> {
    for (const { keeper } of this.#entries.values()) yield keeper;
  }

  /** Takes a new configuration: keepers of unchanged roles go on with their sessions, the others start anew. */
  apply(plan: KeeperPlan): void {
    const prefetch = new Set(plan.prefetch.flatMap((name) => [name, ...scopedSources(name, plan.roles)]));
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
      entries.set(
        role.name,
        old ?? {
          role,
          keeper: this.#newKeeper(role, settings),
          account: callAccount(role, plan.roles),
        },
      );
    }
    this.#entries = entries;
    this.#roles = plan.roles;
  }

  /** What the next process goes on with. */
  kept(): readonly KeptRole[] {
    return [...this].map((keeper) => keeper.kept());
  }

  /**
   * Goes on with what the process before kept, for the roles that are what they were there, and whose ancestors are.
   * Answers whose sessions these are.
   */
  adopt(kept: readonly KeptRole[], definitions: readonly { readonly name: string }[]): readonly Keeper[] {
    const before = new Map(definitions.map((role) => [role.name, role]));
    const unchanged = unchangedRoles(before, this.#roles);
    const heirs = kept
      .filter(({ name }) => unchanged.has(name))
      .flatMap((each) => {
        const keeper = this.get(each.name);
        return keeper?.adopt(each) === true ? keeper : [];
      });
    for (const { name } of heirs) this.#unblockDescendants(name, () => true);
    return heirs;
  }

  /** Drops all sessions; nobody gets one until it is unlocked, also of roles that a new configuration brings. */
  lock(): void {
    this.#isLocked = true;
    for (const keeper of this) keeper.lock();
  }

  /** Keepers obtain sessions again. */
  unlock(): void {
    this.#isLocked = false;
    for (const keeper of this) keeper.unlock();
  }

  /** Where the token is that a role, or its nearest ancestor, is obtained with. */
  #tokenFileFor(name: string): string | undefined {
    for (let entry = this.#entries.get(name); entry !== undefined; entry = this.#parentEntry(entry)) {
      if ("tokenFile" in entry.role) return entry.role.tokenFile;
    }
    return undefined;
  }

  /** The role, or its nearest ancestor, that a person's one-time code brings a session of. */
  mfaKeeperFor(name: string): Keeper | undefined {
    for (let entry = this.#entries.get(name); entry !== undefined; entry = this.#parentEntry(entry)) {
      if (entry.role.type === "session-token") return entry.keeper;
    }
    return undefined;
  }

  /** A session of the role, narrowed for one client; nobody keeps it fresh. */
  async narrowed(name: string, scope: Scope): Promise<RoleSession> {
    const session = await this.#sources.narrowed(name, scope);
    if (this.#isLocked) throw agentLocked();
    return session;
  }

  #newKeeper(role: Role, settings: KeeperSettings): Keeper {
    const { clock, onEvent, fileMark, inheritance } = this.#options;
    const login = new LoginWatch(() => this.#tokenFileFor(role.name), fileMark);
    const keeper = new Keeper({
      name: role.name,
      source: login.watched(this.#sources.of(role)),
      hasPersonActed: () => login.hasChanged(),
      clock,
      settings,
      turn: (now) => this.#pace.turn(this.#entries.get(role.name)?.account ?? "", now),
      ...(inheritance && { inheritance }),
      // It follows its source's renewals, which therefore must not stop for want of requests.
      ...(role.type === "scoped" && { onAsked: () => void this.get(role.sourceRole)?.peek() }),
      onEvent: (type) => {
        // A reload may have put another in its place.
        if (this.get(role.name) !== keeper) return;
        if (type === "issued") this.#unblockDescendants(keeper.name, () => true);
        if (type === "renewed") this.#unblockDescendants(keeper.name, isPersonsTurn);
        if (type === "issued" || type === "renewed") this.#wakeFollowers(keeper.name);
        onEvent(type, keeper);
      },
    });
    if (this.#isLocked) keeper.lock();
    return keeper;
  }

  *#lifetimes(account: string): Generator<number> {
    for (const entry of this.#entries.values()) {
      const { held } = entry.keeper.state;
      if (entry.account === account && held !== undefined) yield held.session.lifetimeMs;
    }
  }

  #wakeFollowers(name: string): void {
    for (const { role, keeper } of this.#entries.values()) {
      if (role.type === "scoped" && role.sourceRole === name) keeper.sourceRenewed();
    }
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
}

/** The roles that a role is narrowed from, near to far: none, where it is no scoped one. */
function scopedSources(name: string, roles: ReadonlyMap<string, Role>): string[] {
  const sources: string[] = [];
  for (let role = roles.get(name); role?.type === "scoped"; role = roles.get(role.sourceRole)) {
    sources.push(role.sourceRole);
  }
  return sources;
}
