import { createHash } from "node:crypto";
import * as v from "valibot";
import { elapsed, type Instant } from "../core/clock.ts";
import type { KeptRole } from "../core/kept-role.ts";
import { instant, keptRoles, roleDefinitions, type KeptSessions } from "../handover/estate.ts";

/** What is sealed: the part of an estate that outlives the process, and the moment by which it is judged later. */
export interface CachedSessions extends KeptSessions {
  readonly sealedAt: Instant;
  /** Which start of the machine that was, where the system tells: its other clock begins anew with each. */
  readonly boot: string | null;
  /** Digest of the variables that decide which AWS is asked, and with which keys. */
  readonly environment: string;
}

const cachedSessions = v.object({
  sealedAt: instant,
  boot: v.nullable(v.string()),
  environment: v.string(),
  roles: roleDefinitions,
  kept: keptRoles,
}) satisfies v.GenericSchema<unknown, CachedSessions>;

/** Checks what was unsealed like any foreign input: another version of this program may have written it. */
export function parseCachedSessions(text: Uint8Array): CachedSessions | undefined {
  const schema = v.pipe(v.string(), v.parseJson(), cachedSessions);
  const { success, output } = v.safeParse(schema, Buffer.from(text).toString("utf8"));
  return success ? output : undefined;
}

/** Digest of all `AWS_…` variables: some name an endpoint, a file or an identity, and some are keys. */
export function environmentDigest(env: NodeJS.ProcessEnv): string {
  const entries = Object.entries(env).filter(([name]) => name.startsWith("AWS_"));
  return createHash("sha256")
    .update(JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest("base64");
}

/**
 * The sessions by the clocks of now. Since the same start of the machine, moments mean what they did. After another,
 * nothing but the wall clock tells how much time has passed, and it may have been set meanwhile: a session is as old
 * as it was when it was sealed and all the time since, or as its end says by the wall clock, whichever is more. A
 * clock that says less than when they were sealed tells nothing, so that all are dropped.
 *
 * @param boot - this start of the machine
 */
export function carriedOver(cached: CachedSessions, now: Instant, boot: string | null): readonly KeptRole[] {
  const { kept, sealedAt } = cached;
  const isSameStart = boot !== null && boot === cached.boot && now.mono >= sealedAt.mono;
  if (isSameStart) return kept;
  const sinceSealed = now.wall - sealedAt.wall;
  if (sinceSealed < 0) return [];
  const ago = (ms: number): Instant => ({ wall: now.wall - ms, mono: now.mono - ms });
  const carried = ({ name, renewAt, askedAt, held }: KeptRole): KeptRole => ({
    name,
    renewAt,
    ...(askedAt && { askedAt: ago(elapsed(askedAt, sealedAt) + sinceSealed) }),
    ...(held && { held: { session: held.session, receivedAt: ago(ageOf(held, sealedAt, now)) } }),
  });
  return kept.map(carried);
}

function ageOf(
  { session, receivedAt }: NonNullable<KeptRole["held"]>,
  sealedAt: Instant,
  now: Instant,
): number {
  const byCount = elapsed(receivedAt, sealedAt) + now.wall - sealedAt.wall;
  // A clock that was ahead of AWS's, and was set right since, hides time from the count.
  const byEnd = session.lifetimeMs - (session.expiresAt - now.wall);
  return Math.max(byCount, byEnd);
}
