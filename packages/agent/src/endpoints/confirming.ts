import { createHash } from "node:crypto";
import { clientHeader } from "@role-agent/provider/protocol";
import type { AgentLock } from "../core/agent-lock.ts";
import type { Clock } from "../core/clock.ts";
import { notConfirmed, type Asker, type AskingProcess } from "../core/confirmation.ts";
import type { Confirmations } from "../core/confirmations.ts";
import { headerOf } from "./door-guard.ts";
import type { EndpointRequest } from "./endpoint.ts";
import type { PeerIdentity } from "./peer-identity.ts";

/** Resolves when a client may have a role, undefined where it may at once. Rejects with a RoleAgentError. */
export type MayHave = (role: string, request: EndpointRequest) => Promise<void> | undefined;

/** What the decision is made with. */
export interface ConfirmingOptions {
  readonly confirmations: Confirmations;
  readonly lock: Pick<AgentLock, "lockedAt">;
  readonly clock: Clock;
}

/** Clients of ours wait for 15 s without a word, unless they are given less. */
const wordMs = 1000;

/** Has a person asked for each new client process of the roles that want it. */
export function confirming(options: ConfirmingOptions): MayHave {
  const { confirmations, lock } = options;
  return (role, request) => {
    // Nobody is asked for what a locked agent does not give.
    if (!confirmations.isWanted(role) || lock.lockedAt !== undefined) return undefined;
    const asker = askerOf(request);
    const standing = confirmations.standing(role, asker);
    if (standing === true) return undefined;
    return answered(role, asker, standing, request, options);
  };
}

async function answered(
  role: string,
  asker: Asker,
  standing: false | undefined,
  request: EndpointRequest,
  { confirmations, clock }: ConfirmingOptions,
): Promise<void> {
  if (standing === false)
    throw notConfirmed(role, "a person refused this process a moment ago", "ask again in a minute");
  if (headerOf(request, "prefer") === "wait=0") throw notConfirmed(role, "a person must be asked first");
  const answeredAt = new AbortController();
  if (headerOf(request, clientHeader) !== undefined) void keepWaiting(request, clock, answeredAt.signal);
  try {
    await confirmations.ask(role, asker, (callback) => request.client?.onGone(callback) ?? (() => undefined));
  } finally {
    answeredAt.abort();
  }
}

async function keepWaiting({ client }: EndpointRequest, clock: Clock, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    client?.tellToWait();
    await clock.sleep(wordMs, over);
  }
}

/** By the system's word where there is one; else by what our clients tell themselves from others with. */
function askerOf(request: EndpointRequest): Asker {
  const { peer } = request;
  if (peer !== undefined) return { id: peer.id, process: processOf(peer) };
  const token = headerOf(request, clientHeader) ?? "";
  // Short ones could be guessed.
  return token.length < 22 ? {} : { id: createHash("sha256").update(token).digest("base64url") };
}

/** A process as it is now: what it runs can be told only while it does. */
export function processOf({ pid, uid, executable }: PeerIdentity): AskingProcess {
  return { pid, uid, ...(executable !== undefined && { executable }) };
}
