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
