import type { AgentStatus } from "./agent-status.ts";
import { isErrorCode, RoleAgentError } from "./errors.ts";

export type * from "./agent-events.ts";
export type * from "./agent-status.ts";

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

/** When an agent is to lock itself, rather than at once. */
export interface LockPlan {
  /** Whenever nobody has asked for credentials for so long: a whole number, 1 or more. */
  readonly whenIdleSeconds?: number | undefined;
  /** Whenever the screen of the desktop is locked. */
  readonly withScreen?: true | undefined;
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
