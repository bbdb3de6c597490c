import type {
  AgentStatus,
  LastError,
  LockStatus,
  RoleList,
  RoleStatus,
  RoleSummary,
} from "@role-agent/provider/protocol";
import type { AgentLock } from "./core/agent-lock.ts";
import type { Instant } from "./core/clock.ts";
import type { Keeper } from "./core/keeper.ts";
import type { KeeperTable } from "./core/keeper-table.ts";
import type { Role, Source } from "./core/role.ts";
import { usable } from "./core/refresh-policy.ts";
import { utcSeconds } from "./core/session.ts";

/** Facts about the process that stay the same while it runs. */
export interface AgentFacts {
  readonly version: string;
  readonly pid: number;
  readonly socket: string;
  readonly config: string;
  readonly startedAt: string;
}

/** `GET /v1/status` but for its endpoints, cache, questions, hardening and lock: how every role is doing at `now`. */
export function agentStatus(
  facts: AgentFacts,
  roles: ReadonlyMap<string, Role>,
  keepers: KeeperTable,
  clockSkewSeconds: number | null,
  now: Instant,
): Omit<AgentStatus, "endpoints" | "confirmations" | "hardening" | "sessionCache" | keyof LockStatus> {
  const each = [...keepers].map((keeper) => roleStatus(keeper, roles, keepers, now));
  return { ...facts, clockSkewSeconds, roles: each };
}

/** The lock's part of it, but for the screen. */
export function lockStatus({ lockedAt, idleMs }: AgentLock): Omit<LockStatus, "lockWithScreen"> {
  return {
    lockedSince: lockedAt === undefined ? null : utcSeconds(lockedAt.wall),
    lockWhenIdleSeconds: Number.isFinite(idleMs) ? idleMs / 1000 : null,
  };
}

/** How one role is doing at `now`. */
export function roleStatus(
  keeper: Keeper,
  roles: ReadonlyMap<string, Role>,
  keepers: KeeperTable,
  now: Instant,
): RoleStatus {
  const role = roles.get(keeper.name);
  const { state } = keeper.describe(now);
  const msUntilAttempt = msUntilRenewal(keeper, roles, keepers, now);
  const session = usable(keeper.state, now)?.session;
  return {
    name: keeper.name,
    roleArn: session?.roleArn ?? (role === undefined ? null : arnOf(role)),
    state,
    accessKeyId: session?.accessKeyId ?? null,
    expiration: session === undefined ? null : utcSeconds(session.expiresAt),
    nextRenewal: Number.isFinite(msUntilAttempt) ? utcSeconds(now.wall + msUntilAttempt) : null,
    lastError: lastError(keeper),
    ...(session?.scopedBy !== undefined && { scopedBy: session.scopedBy }),
  };
}

/** A session that ends with the one it was narrowed from is renewed when that one is. */
function msUntilRenewal(
  keeper: Keeper,
  roles: ReadonlyMap<string, Role>,
  keepers: KeeperTable,
  now: Instant,
): number {
  const { msUntilAttempt } = keeper.describe(now);
  const role = roles.get(keeper.name);
  if (role?.type !== "scoped" || keeper.state.held?.session.endsWithSource !== true) return msUntilAttempt;
  const source = keepers.get(role.sourceRole);
  return source === undefined
    ? msUntilAttempt
    : Math.min(msUntilAttempt, msUntilRenewal(source, roles, keepers, now));
}

function lastError({ state: { failure } }: Keeper): LastError | null {
  if (failure === undefined) return null;
  const { code, message, hint = null } = failure.error;
  return { code, message, hint, at: utcSeconds(failure.at.wall) };
}

/** `GET /v1/roles`: the roles and what each needs. */
export function roleList(roles: Iterable<Role>): RoleList {
  return { roles: [...roles].map(summary) };
}

function summary(role: Role): RoleSummary {
  const { name, type, definedIn } = role;
  const problem = role.type === "invalid" ? role.problem : null;
  const region = "region" in role ? (role.region ?? null) : null;
  const confirm = role.confirm === true;
  return { name, type, roleArn: arnOf(role), source: sourceText(role), definedIn, problem, region, confirm };
}

function arnOf(role: Role): string | null {
  return "roleArn" in role ? role.roleArn : null;
}

function sourceText(role: Role): string {
  switch (role.type) {
    case "assume-role":
      return describeSource(role.source);
    case "profile":
      return `profile ${role.profile}`;
    case "key":
      return describeSource(role.source);
    case "session-token":
      return `${describeSource(role.source)} and ${role.mfaSerial}`;
    case "process":
      return "credential_process";
    case "saml":
      return `SAML assertion of a ${role.assertion.type}`;
    case "roles-anywhere":
      return `certificate ${role.certificate}`;
    case "web-identity":
      return role.token.type === "file" ? `token file ${role.token.path}` : "token process";
    case "sso":
      return `Identity Center ${role.sessionName ?? role.startUrl}`;
    case "login":
      return `login session ${role.loginSession}`;
    case "scoped":
      return `role ${role.sourceRole}, scoped down`;
    case "invalid":
      return "none";
  }
}

function describeSource(source: Source): string {
  switch (source.type) {
    case "role":
      return `role ${source.role}`;
    case "profile":
      return `profile ${source.profile}`;
    case "key":
      return `key ${source.name}`;
    case "credential-source":
      return source.from;
  }
}
