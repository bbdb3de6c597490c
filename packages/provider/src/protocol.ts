import { isErrorCode, RoleAgentError } from "./errors.ts";

/** First path segment of every route on the agent socket. */
export const protocolVersion = "v1";

/** What to do about an answer that no agent of this version gives. */
export const otherVersion = "another program or another version answers there: role-agent status";

/** Host headers that the agent socket accepts: ours, and the one a person types for curl. */
export const socketHosts: readonly string[] = ["role-agent", "localhost"];

/**
 * Header with a random value of one client process, the same in all of its requests. It tells the process from others
 * where the system can't, and that it understands 102 (Processing), which the agent sends while a person is asked.
 */
export const clientHeader = "role-agent-client";

/**
 * Credentials as the agent answers them, one document for credential_process, container clients and our
 * provider alike.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export interface CredentialsDocument {
  readonly Version: 1;
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  /** The session token, by the name that credential_process reads. */
  readonly SessionToken: string;
  /** The session token, by the name that container clients read. */
  readonly Token: string;
  /** When AWS stops accepting the keys: UTC, whole seconds, literal `Z`. */
  readonly Expiration: string;
  readonly AccountId?: string;
  readonly RoleArn?: string;
}

/** An error as every endpoint answers it: both casings, since SDKs read different ones. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly Code: string;
  readonly Message: string;
  readonly hint?: string;
}

/**
 * How a role is doing.
 *
 * - `idle`: no session is held, and none is missed: nobody asked yet, or nobody did for so long that it ended
 * - `fresh`: a valid session is held
 * - `renewing`: a session is being issued right now
 * - `failing`: the last renewal failed; the held session is still valid and served
 * - `expired`: renewals fail and nothing valid is held
 * - `needs-person`: MFA or a login is due
 * - `denied`: AWS refused, or the configuration is wrong
 */
export type RoleState = "idle" | "fresh" | "renewing" | "failing" | "expired" | "needs-person" | "denied";

/** The newest failure of a role. `at` is a UTC time like all times of the protocol. */
export interface LastError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly at: string;
}

/** One role of `GET /v1/status`. Times are UTC, RFC 3339. */
export interface RoleStatus {
  readonly name: string;
  readonly roleArn: string | null;
  readonly state: RoleState;
  readonly accessKeyId: string | null;
  readonly expiration: string | null;
  readonly nextRenewal: string | null;
  readonly lastError: LastError | null;
  /** Which operation has narrowed the held session: there for roles that narrow another one. */
  readonly scopedBy?: ScopedBy;
}

/**
 * How a session was narrowed: by GetScopedCredentials, or where the endpoint of STS lacks it, by assuming the role anew
 * with a session policy.
 */
export type ScopedBy = "GetScopedCredentials" | "AssumeRole";

/** One door beside the agent socket. */
export interface EndpointStatus {
  readonly type: "container" | "imds" | "socket" | "metrics";
  /** Address and port, `127.0.0.1:9911`, or the path of a socket. */
  readonly address: string;
  readonly roles: readonly EndpointRole[];
  /** Why the door is not open, or null where it is. */
  readonly lastError: LastError | null;
}

/** A role that a door serves, and what its clients are given. */
export interface EndpointRole {
  readonly name: string;
  /**
   * Of a container endpoint: `AWS_CONTAINER_CREDENTIALS_FULL_URI`. Of IMDS: `AWS_EC2_METADATA_SERVICE_ENDPOINT`. Of a
   * socket: what plain curl asks there. Empty while the door is not open.
   */
  readonly uri: string;
  /** Of a container endpoint: `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`. */
  readonly tokenFile?: string;
}

/** What `role-agent lock` has done. */
export interface LockStatus {
  /** Since when nobody gets credentials; null while everybody does. */
  readonly lockedSince: string | null;
  /** After how long without a request for credentials the agent locks itself; null where it does not. */
  readonly lockWhenIdleSeconds: number | null;
  /** Whether it locks itself with the screen of the desktop. */
  readonly lockWithScreen: boolean;
}

/** A protection of the agent's process, and whether it is in force. */
export interface Hardening {
  /**
   * - `memory-closed`: no debugger of the same user, and no `/proc/PID/mem`
   * - `no-core`: it leaves no core when it crashes
   * - `own-clients`: the agent socket cuts off other users, whatever its mode
   * - `no-inspector`: no signal opens Node's debugger
   * - `near-answers`: answers of TCP endpoints die at the first router; absent where there is no such endpoint
   *
   * More may come.
   */
  readonly name: string;
  readonly active: boolean;
  /** Why it is not active; null where it is. */
  readonly why: string | null;
}

/** When an agent is to lock itself, rather than at once. */
export interface LockPlan {
  /** Whenever nobody has asked for credentials for so long: a whole number, 1 or more. */
  readonly whenIdleSeconds?: number | undefined;
  /** Whenever the screen of the desktop is locked. */
  readonly withScreen?: true | undefined;
}

/** A question that waits for a person: may this program have the role? */
export interface Confirmation {
  /** What `POST /v1/confirm` names it by. */
  readonly id: string;
  readonly role: string;
  /** The program that asks, as the system tells it; null where it doesn't. */
  readonly client: ConfirmationClient | null;
  readonly askedAt: string;
  /** When it counts as refused. */
  readonly until: string;
}

/** A client process. */
export interface ConfirmationClient {
  readonly pid: number;
  readonly uid: number;
  /** Absolute path of its program. */
  readonly executable?: string;
}

/** The sealed file that held sessions survive the agent in. */
export interface SessionCacheStatus {
  readonly path: string;
  /** Why it is not in use; null where it is. */
  readonly lastError: LastError | null;
}

/** `GET /v1/status`, and `role-agent status --json`. */
export interface AgentStatus extends LockStatus {
  readonly version: string;
  readonly pid: number;
  readonly socket: string;
  /** Path of config.toml, whether it is there or not. */
  readonly config: string;
  readonly startedAt: string;
  /** Seconds by which AWS's clock is ahead of this machine's, negative where it is behind; null where unknown. */
  readonly clockSkewSeconds: number | null;
  /** Null where `session_cache` is off. */
  readonly sessionCache: SessionCacheStatus | null;
  readonly roles: readonly RoleStatus[];
  readonly endpoints: readonly EndpointStatus[];
  /** Questions of roles with `confirm = true`, in the order in which they were asked. */
  readonly confirmations: readonly Confirmation[];
  /** Agents of the first versions say nothing of it. */
  readonly hardening?: readonly Hardening[];
}

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

/** One role of `GET /v1/roles`, and of `role-agent roles --json`. */
export interface RoleSummary {
  readonly name: string;
  /** What kind of role it is, as in the config documentation. */
  readonly type: string;
  readonly roleArn: string | null;
  /** The credentials it is obtained with, in words: `profile base`, `role parent`, `Environment`. */
  readonly source: string;
  /** Where it is defined: the config table or the AWS profile. */
  readonly definedIn: string;
  /** What is wrong with its configuration, if anything. */
  readonly problem: string | null;
  /** The region it is configured with, for STS and for whoever works as the role. */
  readonly region: string | null;
  /** Whether a person is asked before a new client process is given it. */
  readonly confirm: boolean;
}

/** `GET /v1/roles`. */
export interface RoleList {
  readonly roles: readonly RoleSummary[];
}

/** The path of a role's credentials on the agent socket; names are percent-encoded. */
export function credentialsPath(role: string): string {
  return `/${protocolVersion}/credentials/${encodeURIComponent(role)}`;
}

/** What `POST /v1/credentials/ROLE` narrows the role's credentials to, for this one caller. */
export interface CredentialsScope {
  /** An IAM policy, as an object or as its JSON text of 2048 characters at most: what is allowed beside it is not. */
  readonly policy: object | string;
  /** 1 to 129600; to the end of the role's own session where absent. */
  readonly durationSeconds?: number | undefined;
}

/** Checks that an answer is a credentials document: the fields that every client needs, as strings. */
export function isCredentialsDocument(value: unknown): value is CredentialsDocument {
  return (
    isRecord(value) &&
    value["Version"] === 1 &&
    ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"].every((key) => isText(value[key])) &&
    !Number.isNaN(Date.parse(String(value["Expiration"])))
  );
}

/** Checks that an answer is a status: enough for the fields that a reader walks into. */
export function isAgentStatus(value: unknown): value is AgentStatus {
  return isRecord(value) && typeof value["pid"] === "number" && isListOfNamed(value["roles"]);
}

/** Checks that an answer is a list of roles. */
export function isRoleList(value: unknown): value is RoleList {
  return isRecord(value) && isListOfNamed(value["roles"]);
}

/** Words an error for the wire. The cause stays behind: stacks and request data never cross it. */
export function toErrorDocument(error: RoleAgentError): ErrorDocument {
  const { code, message, hint } = error;
  return { code, message, Code: code, Message: message, ...(hint === undefined ? {} : { hint }) };
}

/**
 * Reads an error answer of the agent back into a RoleAgentError. An answer that is none of ours (another
 * program on the socket, a newer agent) becomes `AgentUnreachable` with its status in the message.
 */
export function fromErrorDocument(body: unknown, httpStatus: number, retryAfter?: string): RoleAgentError {
  if (!isRecord(body) || !isErrorCode(body["code"]) || !isText(body["message"])) {
    return new RoleAgentError(
      "AgentUnreachable",
      `the agent's answer is not understood (HTTP ${httpStatus})`,
      { hint: otherVersion },
    );
  }
  const seconds = Number(retryAfter);
  return new RoleAgentError(body["code"], body["message"], {
    hint: isText(body["hint"]) ? body["hint"] : undefined,
    retryAfterSeconds: retryAfter !== undefined && seconds >= 0 ? seconds : undefined,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfNamed(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => isRecord(item) && isText(item["name"]));
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
