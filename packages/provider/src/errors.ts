/**
 * What went wrong, one closed list for the socket, the provider and the command.
 *
 * - `RoleNotFound`: no such role; the message lists close names
 * - `AccessDenied`: AWS refused: trust policy, external id, MFA condition, SCP
 * - `MfaRequired`, `LoginRequired`: a person must act; `hint` is the exact command
 * - `ConfirmationDenied`: a person was asked whether this program may have the role, and did not say yes
 * - `InvalidConfiguration`: AWS or the agent rejects what the config asks for
 * - `InvalidRequest`: the request itself is refused: a header, path, method or size
 * - `Unauthorized`: the endpoint's token is missing or wrong, or the passphrase to unlock with is
 * - `Locked`: the agent is locked
 * - `KeychainLocked`, `KeychainUnavailable`: the OS keychain won't answer
 * - `SourceUnavailable`: AWS or the identity provider can't be reached and nothing valid is held
 * - `AgentUnreachable`: no agent answers on the socket; never sent by an agent
 */
export type ErrorCode = keyof typeof httpStatusOf;

/** The HTTP status that carries each code on every endpoint. */
export const httpStatusOf = {
  RoleNotFound: 404,
  AccessDenied: 403,
  MfaRequired: 403,
  LoginRequired: 403,
  ConfirmationDenied: 403,
  InvalidConfiguration: 400,
  InvalidRequest: 400,
  Unauthorized: 401,
  Locked: 423,
  KeychainLocked: 503,
  KeychainUnavailable: 503,
  SourceUnavailable: 503,
  AgentUnreachable: 503,
} as const;

/** Whether a string from outside is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(httpStatusOf, value);
}

/** What may come with an error beside its code and message. */
export interface RoleAgentErrorOptions {
  /** What to do about it: one sentence or the exact command. */
  readonly hint?: string | undefined;
  /** Seconds after which asking again makes sense (HTTP `Retry-After`). */
  readonly retryAfterSeconds?: number | undefined;
  /** Whether no agent is there at all. */
  readonly tryNextLink?: boolean;
  /** The error underneath: for logs, never sent to a client. */
  readonly cause?: unknown;
}

/** Every failure of role-agent that a caller can meet. */
export class RoleAgentError extends Error {
  override readonly name = "RoleAgentError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /**
   * Read by the credential chains of the AWS SDK: true only where no agent is there, so that a chain never
   * slides on to another identity because a login is due or AWS refused.
   */
  readonly tryNextLink: boolean;

  constructor(code: ErrorCode, message: string, options: RoleAgentErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.tryNextLink = options.tryNextLink ?? false;
  }
}
