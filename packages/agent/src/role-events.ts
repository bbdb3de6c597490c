import { RoleAgentError } from "@role-agent/provider/errors";
import type { AgentEvent, Confirmation, RoleEventType, RoleStatus } from "@role-agent/provider/protocol";
import { OpenPrompts } from "./core/open-prompts.ts";
import { utcSeconds, type RoleSession } from "./core/session.ts";
import type { Log } from "./system/log.ts";

/** Somebody who follows the events, until either side ends it. */
export interface EventListener {
  readonly next: (event: AgentEvent) => void;
  readonly end: () => void;
}

/** What role events reach beside their listeners. */
export interface RoleEventsOptions {
  readonly log: Log;
  /** Shows a person what they must do. It is called once for all roles that wait for the same. */
  readonly notify: (text: string) => void;
}

/** Tells the log, who listens to `/v1/events`, and the person at the desktop what happens to the roles. */
export class RoleEvents {
  readonly #options: RoleEventsOptions;
  readonly #prompts = new OpenPrompts();
  readonly #listeners = new Set<EventListener>();

  constructor(options: RoleEventsOptions) {
    this.#options = options;
  }

  /** Something happened to a role, which is doing as its status says since. */
  report(type: RoleEventType, role: RoleStatus, at: string): void {
    this.#log(type, role);
    if (type === "needs-person") this.#callPerson(role);
    if (type === "failed") this.#prompts.withdraw(role.name);
    if (type === "issued" || type === "renewed") this.#prompts.close(role.name);
    for (const listener of this.#listeners) listener.next({ type, at, role });
  }

  /** The configuration was read again: what roles wait for that are gone is no prompt any more. */
  keepOnly(roles: ReadonlyMap<string, unknown>): void {
    for (const name of this.#prompts.waiting()) if (!roles.has(name)) this.#prompts.withdraw(name);
  }

  /** A role was narrowed for a client, or was not. Neither the client's policy nor AWS's words on it are told. */
  reportNarrowed(role: string, outcome: RoleSession | Error): void {
    const { log } = this.#options;
    if (outcome instanceof Error) {
      const code = outcome instanceof RoleAgentError ? outcome.code : outcome.name;
      log.warn(`${role}: not narrowed for a client: ${code}`);
    } else {
      const { accessKeyId, expiresAt } = outcome;
      log.info(`${role}: narrowed for a client, key ${accessKeyId}, valid until ${utcSeconds(expiresAt)}`);
    }
  }

  /** A client process waits for a person's yes. */
  reportQuestion(confirmation: Confirmation): void {
    const { askedAt: at } = confirmation;
    for (const listener of this.#listeners) listener.next({ type: "needs-confirmation", at, confirmation });
  }

  /** Follows the events from now on; answers how to stop. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The agent stops: no more events come. */
  end(): void {
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }

  #log(type: RoleEventType, { name, accessKeyId, expiration, lastError }: RoleStatus): void {
    const { log } = this.#options;
    if (type === "expired") log.debug(`${name}: session ended`);
    else if (lastError !== null) log.warn(`${name}: ${lastError.code}: ${lastError.message}`);
    else log.info(`${name}: session issued, key ${accessKeyId}, valid until ${expiration}`);
  }

  #callPerson({ name, lastError }: RoleStatus): void {
    const command = lastError?.hint ?? "";
    if (!this.#prompts.open(name, command)) return;
    this.#options.notify(`${lastError?.message ?? name}\n${command}`);
  }
}
