import { RoleAgentError } from "@role-agent/provider/errors";
import type { Clock } from "../core/clock.ts";
import type { KeeperTable } from "../core/keeper-table.ts";

/** Where a door gets the credentials of its roles from. */
export interface CredentialSupply {
  /** The role's credentials document, serialised, if one may be served right now. */
  peek(role: string): string | undefined;
  /** The same as soon as there is one. Rejects with a RoleAgentError. */
  session(role: string): Promise<string>;
}

/** Some clients give up after a second: client-side time-outs of the AWS SDKs for container and instance credentials. */
const patienceMs = 900;

/** The supply out of the agent's keepers. */
export function keeperSupply(keepers: KeeperTable): CredentialSupply {
  return {
    peek: (role) => keepers.get(role)?.peek()?.body,
    session: async (role) => {
      const keeper = keepers.get(role);
      // No close names here: a door tells nothing of the roles that it does not serve.
      if (keeper === undefined)
        throw new RoleAgentError("RoleNotFound", `there is no role ${JSON.stringify(role)}`);
      return (await keeper.session()).body;
    },
  };
}

/**
 * The role's credentials document for a client that waits 900 ms at most. Rejects with a RoleAgentError, with
 * `SourceUnavailable` where the first session takes longer.
 */
export async function promptSession(supply: CredentialSupply, role: string, clock: Clock): Promise<string> {
  const answered = new AbortController();
  try {
    const body = await Promise.race([supply.session(role), clock.sleep(patienceMs, answered.signal)]);
    if (typeof body === "string") return body;
  } finally {
    answered.abort();
  }
  const message = `the first session of role ${JSON.stringify(role)} is still being issued`;
  throw new RoleAgentError("SourceUnavailable", message, {
    hint: "ask again in a second",
    retryAfterSeconds: 1,
  });
}
