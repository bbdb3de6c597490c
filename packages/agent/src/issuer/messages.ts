import { isErrorCode, RoleAgentError, type ErrorCode } from "@role-agent/provider/errors";
import * as v from "valibot";
import type { IssuableRole } from "../core/role.ts";
import { OperationMissing } from "../core/operation-missing.ts";
import { SourceDead } from "../core/source-dead.ts";
import type { PersonInput, IssuedSession } from "../core/session.ts";

/** What the agent asks its issuer for: one new session of one role. */
export interface IssueRequest {
  readonly role: IssuableRole;
  /** The session the role is assumed with, where its source is another role. */
  readonly source?: IssuedSession;
  /** What a person has typed for it. */
  readonly input?: PersonInput;
  /** Access key id of the session that the new one is to replace. */
  readonly heldKey?: string;
  /** It failed before and a client waits: AWS may be asked again where it is silent. */
  readonly isWaitedFor?: boolean;
  /** Of the encrypted key file, where the role needs it and the agent was given it. */
  readonly passphrase?: string | undefined;
  /** By how much AWS's clock is ahead of this machine's, where the agent knows it. */
  readonly clockSkewMs?: number;
}

/** One request on the way to the child. */
export interface Job {
  readonly id: number;
  readonly request: IssueRequest;
  /** When it must be answered, by the machine's clock: the start of the child counts, too. */
  readonly endsAt: number;
}

/** The child's answer to a job. */
export type Reply =
  | { readonly id: number; readonly session: IssuedSession }
  | { readonly id: number; readonly error: WireError };

/** The child tells the agent which process groups it would have to end with it. */
export interface RunningPrograms {
  readonly groups: readonly number[];
}

/**
 * Longest time for one renewal of a token, in milliseconds. It is not its job's: AWS may have spent the token when a job
 * gives up, so that the child must stay to keep the next one.
 */
export const longestRenewalMs = 30_000;

/** The child tells how many renewals are under way. */
export interface RunningRenewals {
  readonly renewals: number;
}

/** The child tells that it has replaced a token by its successor. */
export interface KeptRenewal {
  readonly renewed: RenewedToken;
}

/** A token file that the issuer has replaced, with its marks from before and since. */
export interface RenewedToken {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The one errand of a child that a command has started. */
export interface ErrandJob {
  readonly job: unknown;
  /** Milliseconds the child may take. */
  readonly deadlineMs: number;
}

/** The child's answer to its errand. */
export type ErrandReply = { readonly result: unknown } | { readonly error: WireError };

/** A RoleAgentError as plain data. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** The error is a SourceDead. */
  readonly isSourceDead?: boolean | undefined;
  /** The error is an OperationMissing. */
  readonly isOperationMissing?: boolean | undefined;
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html */
export const accessKeyIdPattern: RegExp = /^\w{16,128}$/;
/** Printable ASCII without spaces: what goes into headers, JSON and exports unharmed. */
export const tokenPattern: RegExp = /^[\x21-\x7e]+$/;

const token = v.pipe(v.string(), v.regex(tokenPattern));
const time = v.pipe(v.number(), v.finite());

const sessionSchema = v.object({
  accessKeyId: v.pipe(v.string(), v.regex(accessKeyIdPattern)),
  secretAccessKey: token,
  sessionToken: token,
  expiresAt: time,
  receivedAt: time,
  lifetimeMs: time,
  byAwsClock: v.exactOptional(v.picklist(["end", "nothing"])),
  accountId: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{12}$/))),
  roleArn: v.exactOptional(token),
});

const errorSchema = v.object({
  code: v.custom<ErrorCode>(isErrorCode),
  message: v.string(),
  hint: v.optional(v.string()),
  retryAfterSeconds: v.optional(v.number()),
  isSourceDead: v.optional(v.boolean()),
  isOperationMissing: v.optional(v.boolean()),
});

const messageSchema = v.union([
  v.object({ groups: v.array(v.pipe(v.number(), v.integer(), v.minValue(2))) }),
  v.object({ renewals: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  v.object({ renewed: v.object({ path: v.string(), before: v.string(), after: v.string() }) }),
  v.object({ id: v.number(), session: sessionSchema }),
  v.object({ id: v.number(), error: errorSchema }),
]);

const errandReplySchema = v.union([v.object({ error: errorSchema }), v.object({ result: v.unknown() })]);

/** Checks a message like any foreign input; `undefined` if it is none. */
export function parseMessage(
  message: unknown,
): Reply | RunningPrograms | RunningRenewals | KeptRenewal | undefined {
  const result = v.safeParse(messageSchema, message);
  return result.success ? result.output : undefined;
}

/** Checks the answer to an errand likewise; what its `result` is depends on the errand. */
export function parseErrandReply(message: unknown): ErrandReply | undefined {
  const reply = v.safeParse(errandReplySchema, message);
  return reply.success ? reply.output : undefined;
}

/** Checks a session before it leaves the child: what AWS answered is foreign input too. */
export function isIssuedSession(value: unknown): value is IssuedSession {
  return v.is(sessionSchema, value);
}

/** An error as plain data; anything that is no RoleAgentError is an internal failure of the issuer. */
export function toWire(error: unknown): WireError {
  if (error instanceof RoleAgentError) {
    const { code, message, hint, retryAfterSeconds } = error;
    return {
      code,
      message,
      hint,
      retryAfterSeconds,
      isSourceDead: error instanceof SourceDead,
      isOperationMissing: error instanceof OperationMissing,
    };
  }
  return {
    code: "SourceUnavailable",
    message: `the issuer failed: ${error instanceof Error ? error.name : "unknown"}`,
  };
}

/** The error that the agent raises for it. */
export function fromWire(error: WireError): RoleAgentError {
  const { code, message, isSourceDead, isOperationMissing, ...options } = error;
  if (isSourceDead === true) return new SourceDead(code, message, options);
  return isOperationMissing === true
    ? new OperationMissing(code, message, options)
    : new RoleAgentError(code, message, options);
}
