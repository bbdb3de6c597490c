import type { Instant } from "./clock.ts";
import type { HeldSession, IssuedSession } from "./session.ts";

/** What a keeper has for the one that takes its place in the next process. */
export interface KeptRole {
  readonly name: string;
  /** Where in the lifetime of the held session it is renewed. */
  readonly renewAt: number;
  /** When a client asked for the role last. */
  readonly askedAt?: Instant;
  readonly held?: Pick<HeldSession, "receivedAt"> & { readonly session: IssuedSession };
}
