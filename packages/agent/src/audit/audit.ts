import type { ErrorCode } from "@role-agent/provider/errors";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { RoleEventType } from "@role-agent/provider/protocol";
import type { Clock } from "../core/clock.ts";
import type { Question, Verdict } from "../core/confirmation.ts";
import type { Keeper } from "../core/keeper.ts";
import type { Role } from "../core/role.ts";
import { utcSeconds, type HeldSession, type RoleSession } from "../core/session.ts";
import type { EndpointResponse } from "../endpoints/endpoint.ts";
import type { PeerIdentity } from "../endpoints/peer-identity.ts";
import type { DoorType } from "../metrics/agent-metrics.ts";
import { FirstUses } from "./first-uses.ts";
import { RefusalLimit } from "./refusal-limit.ts";

/** What a person had the agent do. */
export type PersonAction = "mfa" | "refresh" | "reload" | "restart" | "stop";

/** What the audit log is made with. */
export interface AuditOptions {
  readonly clock: Clock;
  /** Takes a line without its end; never waits, never throws. */
  readonly write: (line: string) => void;
  readonly roleOf: (name: string) => Role | undefined;
}

/** Why whoever comes through a door may have a role. */
const grounds: Readonly<Record<DoorType, string>> = {
  agent: "the agent socket is open to its user alone",
  container: "it sent the role's token",
  imds: "the endpoint serves whoever reaches it",
  socket: "it may open the socket, which serves the role",
  metrics: "",
};

/** Of these, attempts go on by themselves: the log tells of them, and there may be one a second. */
const passing: ReadonlySet<ErrorCode> = new Set(["SourceUnavailable", "KeychainUnavailable"]);

/**
 * Who was given what, and why: one JSON object for each session that was issued, for its first use by each client, for
 * refusals, and for what a person did. Keys appear by their ids alone.
 */
export class Audit {
  readonly #options: AuditOptions;
  readonly #firstUses = new FirstUses();
  readonly #refusals = new RefusalLimit();

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  started(version: string): void {
    this.#write("started", { version, pid: process.pid, uid: process.geteuid?.() });
  }

  stopped(): void {
    this.#write("stopped", { pid: process.pid });
  }

  /** Something happened to a role. */
  happened(type: RoleEventType, { name, state: { held, failure } }: Keeper): void {
    if (type === "expired") return;
    if (failure !== undefined) this.#denied(name, failure.error);
    else if (held !== undefined)
      this.#issued(name, held.session, type === "issued" ? "there was none" : "in place of one");
  }

  /** A role goes on with a session that was issued to the agent before, out of the session cache. */
  resumed(name: string, { accessKeyId, roleArn, expiresAt }: RoleSession): void {
    const expiration = utcSeconds(expiresAt);
    const why = "it was in the session cache";
    this.#write("resumed", { role: name, accessKeyId, roleArn, expiration, decision: "allow", why });
  }

  /** A role was narrowed for one client, or was not. */
  narrowed(role: string, outcome: RoleSession | Error): void {
    if (!(outcome instanceof Error)) this.#issued(role, outcome, "narrowed for one client");
    else if (outcome instanceof RoleAgentError) this.#denied(role, outcome);
  }

  /** A client is given a session; told once for each client, session and door. */
  used(door: DoorType, role: string, held: HeldSession, peer: PeerIdentity | undefined): void {
    if (!this.#firstUses.isFirst(held, door, peer?.id ?? "")) return;
    const { accessKeyId } = held.session;
    const why = grounds[door];
    this.#write("used", { role, accessKeyId, door, client: client(peer), decision: "allow", why });
  }

  /** A request was refused at a door, before or because of its token. */
  refused(door: DoorType, answer: EndpointResponse, peer: PeerIdentity | undefined): void {
    const { isTold, before } = this.#refusals.next(door, this.#options.clock.now());
    if (before > 0)
      this.#write("refused", { door, decision: "deny", count: before, why: "more of the kind" });
    if (isTold)
      this.#write("refused", { door, client: client(peer), decision: "deny", why: messageOf(answer) });
  }

  /** A person had the agent do something, through its socket or by a signal; `error` is why it could not. */
  acted(
    action: PersonAction,
    {
      role,
      peer,
      error,
    }: { readonly role?: string; readonly peer?: PeerIdentity | undefined; readonly error?: unknown } = {},
  ): void {
    const code = error instanceof RoleAgentError ? { code: error.code } : {};
    const decision = error === undefined ? "allow" : "deny";
    this.#write(action, { ...(role !== undefined && { role }), client: client(peer), decision, ...code });
  }

  /** A person was asked whether a process may have a role, or did not answer. */
  confirmed({ role, asker }: Question, { isAllowed, why, by }: Verdict): void {
    const decision = isAllowed ? "allow" : "deny";
    const answeredBy = by === undefined ? {} : { by };
    this.#write("confirm", { role, client: asker.process ?? null, decision, why, ...answeredBy });
  }

  #issued(name: string, session: RoleSession, why: string): void {
    const { accessKeyId, expiresAt, roleArn, accountId } = session;
    this.#write("issued", {
      role: name,
      accessKeyId,
      roleArn,
      accountId,
      ...namesInCloudTrail(this.#options.roleOf(name)),
      expiration: utcSeconds(expiresAt),
      decision: "allow",
      why,
    });
  }

  #denied(role: string, { code, message }: RoleAgentError): void {
    if (!passing.has(code)) this.#write("denied", { role, decision: "deny", code, why: message });
  }

  #write(event: string, facts: Readonly<Record<string, unknown>>): void {
    const time = new Date(this.#options.clock.now().wall).toISOString();
    this.#options.write(JSON.stringify({ time, event, ...facts }));
  }
}

/** By these CloudTrail tells who used the session. */
function namesInCloudTrail(role: Role | undefined): { roleSessionName?: string; sourceIdentity?: string } {
  if (role === undefined) return {};
  return {
    ...("roleSessionName" in role && { roleSessionName: role.roleSessionName }),
    ...("sourceIdentity" in role && { sourceIdentity: role.sourceIdentity }),
  };
}

function client(peer: PeerIdentity | undefined): object | null {
  if (peer === undefined) return null;
  const { pid, uid, executable } = peer;
  return { pid, uid, ...(executable !== undefined && { executable }) };
}

function messageOf({ status, body }: EndpointResponse): string {
  const { message } = Object(JSON.parse(body));
  return typeof message === "string" ? message : `HTTP ${status}`;
}
