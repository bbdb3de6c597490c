import { RoleAgentError } from "@role-agent/provider/errors";
import type { Clock } from "../core/clock.ts";
import type { AgentLock } from "../core/agent-lock.ts";
import type { KeeperTable } from "../core/keeper-table.ts";
import type { HeldSession } from "../core/session.ts";
import type { PeerIdentity } from "./peer-identity.ts";

/** Where a door gets the credentials of its roles from. */
export interface CredentialSupply {
  /** The role's credentials document, serialised, if one may be served right now; `peer` counts as having it then. */
  peek(role: string, peer: PeerIdentity | undefined): string | undefined;
  /** The same as soon as there is one. Rejects with a RoleAgentError. */
  session(role: string): Promise<string>;
  /** How long a client waits for a first session right now, in milliseconds: 900 where absent. */
  readonly patienceMs?: () => number;
}

/** Some clients give up after a second: client-side time-outs of the AWS SDKs for container and instance credentials. */
export const usualPatienceMs = 900;

/** Told of every session that a client is given. */
export type OnUse = (role: string, held: HeldSession, peer: PeerIdentity | undefined) => void;

/** The supply out of the agent's keepers. */
export function keeperSupply(
  keepers: KeeperTable,
  lock: Pick<AgentLock, "use">,
  onUse: OnUse,
  patienceMs: () => number = () => usualPatienceMs,
): CredentialSupply {
  return {
    patienceMs,
    peek: (role, peer) => {
      lock.use();
      const held = keepers.get(role)?.peek();
      if (held !== undefined) onUse(role, held, peer);
      return held?.body.reveal();
    },
    session: async (role) => {
      const keeper = keepers.get(role);
      // No close names here: a door tells nothing of the roles that it does not serve.
      if (keeper === undefined)
        throw new RoleAgentError("RoleNotFound", `there is no role ${JSON.stringify(role)}`);
      return (await keeper.session()).body.reveal();
    },
  };
}

/** The role's credentials document for a client that waits for it. Rejects with a RoleAgentError. */
export async function firstSession(
  supply: CredentialSupply,
  role: string,
  peer: PeerIdentity | undefined,
): Promise<string> {
  const body = await supply.session(role);
  return supply.peek(role, peer) ?? body;
}

/** The same for a client that waits as long as the supply says: `SourceUnavailable` where the first session takes longer. */
export async function promptSession(
  supply: CredentialSupply,
  role: string,
  clock: Clock,
  peer: PeerIdentity | undefined,
): Promise<string> {
  const answered = new AbortController();
  const waitMs = supply.patienceMs?.() ?? usualPatienceMs;
  try {
    const body = await Promise.race([supply.session(role), clock.sleep(waitMs, answered.signal)]);
    if (typeof body === "string") return supply.peek(role, peer) ?? body;
  } finally {
    answered.abort();
  }
  const message = `the first session of role ${JSON.stringify(role)} is still being issued`;
  throw new RoleAgentError("SourceUnavailable", message, {
    hint: "ask again in a second",
    retryAfterSeconds: 1,
  });
}

/** Resolves when the role has a session, or none is to be had, and after 900 ms at the latest. */
export async function untilSession(supply: CredentialSupply, role: string, clock: Clock): Promise<void> {
  const over = new AbortController();
  const session = supply.session(role).catch(() => undefined);
  await Promise.race([session, clock.sleep(usualPatienceMs, over.signal)]);
  over.abort();
}
