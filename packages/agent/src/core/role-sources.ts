import { RoleAgentError } from "@role-agent/provider/errors";
import type { Clock } from "./clock.ts";
import type { Keeper } from "./keeper.ts";
import { mfaSource } from "./mfa-source.ts";
import { parentOf, type IssuableRole, type Role, type ScopedRole } from "./role.ts";
import { endsWith, scopedSession, type Scope } from "./scoped-session.ts";
import type { CredentialSource, PersonInput, RoleSession } from "./session.ts";
import { SourceDead } from "./source-dead.ts";
import { stsEndpointOf } from "./sts-endpoint.ts";

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

/** The roles there are, and who holds their sessions. */
export interface RoleLookup {
  readonly role: (name: string) => Role | undefined;
  readonly keeper: (name: string) => Keeper | undefined;
}

/** Where the sessions of each role come from; those of chained roles start from their parents' keepers. */
export class RoleSources {
  readonly #issue: Issue;
  readonly #clock: Clock;
  readonly #lookup: RoleLookup;

  constructor({ issue, clock }: { readonly issue: Issue; readonly clock: Clock }, lookup: RoleLookup) {
    this.#issue = issue;
    this.#clock = clock;
    this.#lookup = lookup;
  }

  /** The source of a role's sessions. */
  of(role: Role): CredentialSource {
    switch (role.type) {
      case "invalid": {
        const { problem, hint } = role;
        return () => Promise.reject(new RoleAgentError("InvalidConfiguration", problem, { hint }));
      }
      case "session-token":
        return mfaSource(role, (input) => this.#issue(role, undefined, input), this.#clock);
      case "scoped":
        return async () => this.#scopedSession(role);
      default:
        return async () => this.#issueByParent(role);
    }
  }

  /** A session of the role, narrowed. */
  async narrowed(name: string, scope: Scope): Promise<RoleSession> {
    return this.#scopedSession({
      type: "scoped",
      name,
      definedIn: "the request of a client",
      sourceRole: name,
      ...stsEndpointOf(this.#lookup.role(name)),
      ...scope,
    });
  }

  async #scopedSession(role: ScopedRole): Promise<RoleSession> {
    const source = this.#lookup.role(role.sourceRole);
    const session = await scopedSession(role, source, (each) => this.#issueByParent(each));
    const held = this.#existing(role.sourceRole).state.held?.session;
    return { ...session, endsWithSource: held !== undefined && endsWith(session, held) };
  }

  /** Issues with the parent's session, and once more with its successor where AWS rejects that one. */
  async #issueByParent(role: IssuableRole): Promise<RoleSession> {
    const parent = parentOf(role);
    if (parent === undefined) {
      return this.#issue(role, undefined, undefined, this.#lookup.keeper(role.name)?.state.held?.session);
    }
    const { session } = await this.#existing(parent).session();
    try {
      return await this.#issue(role, session, undefined);
    } catch (error) {
      if (!(error instanceof SourceDead)) throw error;
      return this.#issue(role, await this.#replaced(parent, session), undefined);
    }
  }

  /** Another session of a role than the one that AWS rejects; children that find out together share one renewal. */
  async #replaced(name: string, dead: RoleSession): Promise<RoleSession> {
    const keeper = this.#existing(name);
    const held = keeper.state.held?.session;
    return held === undefined || held === dead ? (await keeper.refresh()).session : held;
  }

  #existing(name: string): Keeper {
    const keeper = this.#lookup.keeper(name);
    if (keeper !== undefined) return keeper;
    throw new RoleAgentError("InvalidConfiguration", `source role ${name} does not exist`);
  }
}
