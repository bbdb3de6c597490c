import type { Confirmation, RoleStatus } from "./agent-status.ts";

/**
 * What happens to a role.
 *
 * - `issued`: it has a session, and had none
 * - `renewed`: a new session took the place of a valid one
 * - `failed`: no session could be obtained
 * - `needs-person`: nor can it be before a person acts; `lastError.hint` is the command
 * - `expired`: its session has ended, or was dropped since the agent was locked
 */
export type RoleEventType = "issued" | "renewed" | "failed" | "needs-person" | "expired";

/** The data of one server-sent event of `GET /v1/events`; the event's name is `type`. */
export interface RoleEvent {
  readonly type: RoleEventType;
  readonly at: string;
  /** How the role is doing since. */
  readonly role: RoleStatus;
}

/** A client process waits for a person's yes to a role: one server-sent event for each question. */
export interface ConfirmationEvent {
  readonly type: "needs-confirmation";
  readonly at: string;
  readonly confirmation: Confirmation;
}

/** The data of any event of `GET /v1/events`. */
export type AgentEvent = RoleEvent | ConfirmationEvent;
