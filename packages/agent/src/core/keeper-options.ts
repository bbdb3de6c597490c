import type { RoleEventType } from "@role-agent/provider/protocol";
import type { Clock, Instant } from "./clock.ts";
import type { DemandSettings } from "./demand.ts";
import type { Keeper } from "./keeper.ts";
import type { CredentialSource } from "./session.ts";

/** What a keeper needs from around it. */
export interface KeeperOptions {
  readonly name: string;
  readonly source: CredentialSource;
  readonly clock: Clock;
  readonly settings: KeeperSettings;
  /** Takes this role's turn among the renewals that can wait, and answers 0; or in how many milliseconds there is one. */
  readonly turn?: (now: Instant) => number;
  /** Told of every request for the role. */
  readonly onAsked?: () => void;
  /** After a failure that only a person can mend: whether the person seems to have done it. */
  readonly hasPersonActed: () => boolean;
  /**
   * While sessions of the agent before may still come: resolves when they have, or nobody waits for them any longer.
   * Until then there is no first attempt.
   */
  readonly inheritance?: () => Promise<void> | undefined;
  /** Told of every attempt that ended and every session that did, after the state has changed. */
  readonly onEvent: (type: RoleEventType, keeper: Keeper) => void;
}

/** What may change while a keeper goes on. */
export interface KeeperSettings extends DemandSettings {
  /** Renewed at half of its life; else used to its end, since the next one needs a person. */
  readonly isRenewedEarly: boolean;
}
