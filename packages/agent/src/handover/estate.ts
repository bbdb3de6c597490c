import * as v from "valibot";
import type { LockState } from "../core/agent-lock.ts";
import type { Instant } from "../core/clock.ts";
import type { KeptRole } from "../core/kept-role.ts";
import type { IssuedSession } from "../core/session.ts";
import { isIssuedSession } from "../issuer/messages.ts";

/** The sessions that an agent leaves, and what they belong to. */
export interface KeptSessions {
  /** What the sessions belong to, ancestors included: only compared. */
  readonly roles: readonly RoleDefinition[];
  readonly kept: readonly KeptRole[];
}

/** All that an agent leaves to its successor. It is secret: it goes from one process to the next, and nowhere else. */
export interface Estate extends KeptSessions {
  /** What `{pid}` stands for in session names: it stays, since the roles would be others. */
  readonly sessionPid: number;
  /** Opens the encrypted key file. */
  readonly passphrase?: string;
  /** Secrets of its environment, by their variables: the successor's own has them no more. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Seals the tokens of IMDS: 32 bytes, base64. */
  readonly imdsKey: string;
  /** Opens the session cache: 32 bytes, base64. */
  readonly cacheKey?: string;
  readonly lock: LockState;
  readonly isLockedWithScreen: boolean;
  /** Paths of the Unix sockets that the agent serves at. */
  readonly sockets: readonly string[];
}

/** A role as some version of this program has built it from the configuration. */
export interface RoleDefinition {
  readonly name: string;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(v.number(), v.finite());
const base64 = v.pipe(v.string(), v.nonEmpty(), v.base64());
const key = v.pipe(base64, v.length(44));
/** Checks a moment. */
export const instant: v.GenericSchema<unknown, Instant> = v.object({ wall: time, mono: time });

/** As the issuer gives it, and what the agent has noted of it since. */
const session = v.intersect([
  v.custom<IssuedSession>(isIssuedSession),
  v.object({
    scopedBy: v.exactOptional(v.picklist(["GetScopedCredentials", "AssumeRole"])),
    endsWithSource: v.exactOptional(v.boolean()),
  }),
]) satisfies v.GenericSchema<unknown, IssuedSession>;

const keptRole = v.object({
  name: v.string(),
  renewAt: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  askedAt: v.exactOptional(instant),
  held: v.exactOptional(v.object({ session, receivedAt: instant })),
}) satisfies v.GenericSchema<unknown, KeptRole>;

/** Checks sessions that were left, whichever way they came. */
export const keptRoles: v.GenericSchema<unknown, KeptRole[]> = v.array(keptRole);

/** Checks what they belong to. */
export const roleDefinitions: v.GenericSchema<unknown, RoleDefinition[]> = v.array(
  v.looseObject({ name: v.string() }),
);

const lockState = v.object({
  seal: v.exactOptional(v.object({ salt: base64, key })),
  lockedAt: v.exactOptional(instant),
  usedAt: instant,
  idleMs: v.exactOptional(v.pipe(time, v.minValue(1))),
  wrongTries: count,
}) satisfies v.GenericSchema<unknown, LockState>;

const estate = v.pipe(
  v.object({
    sessionPid: count,
    passphrase: v.exactOptional(v.string()),
    environment: v.exactOptional(v.record(v.string(), v.string())),
    imdsKey: key,
    cacheKey: v.exactOptional(key),
    roles: roleDefinitions,
    kept: keptRoles,
    lock: lockState,
    isLockedWithScreen: v.boolean(),
    sockets: v.array(v.string()),
  }),
  v.check(({ lock }) => lock.lockedAt === undefined || lock.seal !== undefined, "nobody could unlock it"),
  v.check(
    ({ lock, kept }) => lock.lockedAt === undefined || kept.every(({ held }) => held === undefined),
    "a locked agent holds no sessions",
  ),
) satisfies v.GenericSchema<unknown, Estate>;

/** Checks an estate like any foreign input; `undefined` if it is none. */
export function parseEstate(value: unknown): Estate | undefined {
  const { success, output } = v.safeParse(estate, value);
  return success ? output : undefined;
}
