import type { Clock } from "../core/clock.ts";
import type { KeptSessions } from "../handover/estate.ts";
import { carriedOver, parseCachedSessions } from "./cached-sessions.ts";
import { seal, unseal, type SealPlace } from "./seal.ts";

/** By whom, where and when sessions are sealed or unsealed. */
export interface SealContext {
  readonly clock: Clock;
  /** Of the variables that decide which AWS is asked: `environmentDigest`. */
  readonly environment: string;
  readonly place: SealPlace;
  /** This start of the machine, where the system tells. */
  readonly boot: string | null;
}

/** What a file of sealed sessions turns out to be. */
export type Unsealed =
  | { readonly sessions: KeptSessions; readonly sealedCount: number }
  /** Why it is of no use. */
  | { readonly why: string };

/** Seals sessions as they are now. */
export function sealSessions(sessions: KeptSessions, key: Buffer, context: SealContext): Buffer {
  const { clock, environment, place, boot } = context;
  const cached = { sealedAt: clock.now(), boot, environment, ...sessions };
  const text = Buffer.from(JSON.stringify(cached));
  const sealed = seal(text, key, place);
  text.fill(0);
  return sealed;
}

/** Opens them, with their age by the clocks of now. */
export function unsealSessions(bytes: Buffer, key: Buffer, context: SealContext): Unsealed {
  const { clock, environment, place, boot } = context;
  const text = unseal(bytes, key, place);
  const cached = text === undefined ? undefined : parseCachedSessions(text);
  text?.fill(0);
  if (cached === undefined)
    return { why: "it is damaged, or was sealed for another socket or configuration, or by another key" };
  if (cached.environment !== environment)
    return { why: "the agent before was started with other AWS_ variables" };
  const kept = carriedOver(cached, clock.now(), boot);
  return { sessions: { kept, roles: cached.roles }, sealedCount: cached.kept.length };
}
