import type { CredentialsDocument, ScopedBy } from "@role-agent/provider/protocol";
import { elapsed, type Instant } from "./clock.ts";
import { Secret } from "./secret.ts";

/** What an answer may take on its way to a client. */
const deliveryMs = 100;

/** One set of temporary credentials that AWS gave. Times are milliseconds since 1970. */
export interface RoleSession extends SessionFacts {
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret;
}

/** The same as plain data, on its way from one process to another. */
export interface IssuedSession extends SessionFacts {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** What of a session is no secret. */
interface SessionFacts {
  readonly accessKeyId: string;
  /** When AWS stops accepting the keys, by AWS's clock. */
  readonly expiresAt: number;
  /** When AWS's answer came, by the wall clock of this machine. */
  readonly receivedAt: number;
  /** Milliseconds that were left of the session then, by AWS's clock. */
  readonly lifetimeMs: number;
  /**
   * What is by AWS's clock where not all is: `end` if `lifetimeMs` was counted from this machine's time to AWS's end,
   * `nothing` if the end is by this machine's clock, too.
   */
  readonly byAwsClock?: "end" | "nothing";
  readonly accountId?: string;
  /** The role, not the assumed-role session: `arn:aws:iam::123456789012:role/Deploy`. */
  readonly roleArn?: string;
  /** Which operation of STS has narrowed it, if one has. */
  readonly scopedBy?: ScopedBy;
  /** It ends with the session it was narrowed from, so that another one lives longer only after that one's renewal. */
  readonly endsWithSource?: boolean;
}

/** A session as the agent keeps it. */
export function sealed(session: IssuedSession): RoleSession {
  const { secretAccessKey, sessionToken, ...facts } = session;
  return {
    ...facts,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
  };
}

/** The session as plain data, for a process that needs it. */
export function revealed(session: RoleSession): IssuedSession {
  const { secretAccessKey, sessionToken, ...facts } = session;
  return { ...facts, secretAccessKey: secretAccessKey.reveal(), sessionToken: sessionToken.reveal() };
}

/** Obtains one new session, with what a person has typed if anybody has. Rejects with a RoleAgentError. */
export type CredentialSource = (input?: PersonInput) => Promise<RoleSession>;

/** What only a person can bring. */
export interface PersonInput {
  /** One-time code of an MFA device. */
  readonly mfaCode: string;
}

/** A session in the agent's memory, with what is needed to answer from it. */
export interface HeldSession {
  readonly session: RoleSession;
  /** The credentials document, serialised once. */
  readonly body: Secret;
  readonly receivedAt: Instant;
}

/** Takes a session into memory. */
export function hold(session: RoleSession, now: Instant): HeldSession {
  // It has been on its way from the issuer since.
  const age = Math.max(0, now.wall - session.receivedAt);
  return holdSince(session, { wall: now.wall - age, mono: now.mono - age });
}

/** Takes a session into memory that came at a known moment. */
export function holdSince(session: RoleSession, receivedAt: Instant): HeldSession {
  return { session, body: new Secret(JSON.stringify(credentialsDocument(revealed(session)))), receivedAt };
}

/** Milliseconds until AWS stops accepting a session, whatever happened to the local clocks since it came. */
export function remaining(held: HeldSession, now: Instant): number {
  return held.session.lifetimeMs - elapsed(held.receivedAt, now);
}

/** Whether AWS accepts a session now, and will when the answer has reached the client. */
export function isServable(held: HeldSession, now: Instant): boolean {
  return remaining(held, now) > deliveryMs;
}

/**
 * Milliseconds by which AWS's clock was ahead of this machine's when the session came, negative where it was behind;
 * undefined where that is not known.
 */
export function clockSkew(session: RoleSession): number | undefined {
  const { expiresAt, lifetimeMs, receivedAt, byAwsClock } = session;
  return byAwsClock === undefined ? expiresAt - lifetimeMs - receivedAt : undefined;
}

/** The wire form of a session. `Expiration` is AWS's own, never earlier or later. */
export function credentialsDocument(session: IssuedSession): CredentialsDocument {
  return {
    Version: 1,
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Token: session.sessionToken,
    Expiration: utcSeconds(session.expiresAt),
    ...(session.accountId === undefined ? {} : { AccountId: session.accountId }),
    ...(session.roleArn === undefined ? {} : { RoleArn: session.roleArn }),
  };
}

/** A time as every AWS SDK can read it: UTC, whole seconds, literal `Z`. */
export function utcSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
