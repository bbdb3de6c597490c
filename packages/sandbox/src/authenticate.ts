import { AwsError } from "./aws-error.ts";
import type { AwsRequest } from "./aws-request.ts";
import type { Principal } from "./principal.ts";
import { readSignatureClaim, type SignatureClaim } from "./signature-claim.ts";
import { verifySignature } from "./sigv4.ts";
import type { SandboxState, Session } from "./state.ts";

export interface Authenticated {
  principal: Principal;
  /** The region the request was signed for. */
  region: string;
}

/**
 * Says who signed a request. Throws what AWS answers: `MissingAuthenticationToken`, `IncompleteSignature`,
 * `InvalidClientTokenId` (an unknown or deleted key, or a session token that isn't the key's), `ExpiredToken`
 * or `SignatureDoesNotMatch`.
 */
export async function authenticate(
  request: AwsRequest,
  service: string,
  state: SandboxState,
  now: number,
): Promise<Authenticated> {
  const claim = readSignatureClaim(request);
  const { secretAccessKey, principal } = findKey(claim, state, now);
  await verifySignature(request, claim, { secretAccessKey, service, now });
  return { principal, region: claim.scope.region };
}

interface KnownKey {
  secretAccessKey: string;
  principal: Principal;
}

function findKey(claim: SignatureClaim, state: SandboxState, now: number): KnownKey {
  const session = state.sessions[claim.accessKeyId];
  if (session === undefined) return longTermKey(claim, state);
  if (claim.sessionToken !== session.sessionToken) throw invalidClientTokenId();
  if (now >= session.expiresAt) {
    throw new AwsError("ExpiredToken", "The security token included in the request is expired", 403);
  }
  return { secretAccessKey: session.secretAccessKey, principal: sessionPrincipal(session, state) };
}

function longTermKey(claim: SignatureClaim, state: SandboxState): KnownKey {
  const key = state.accessKeys[claim.accessKeyId];
  if (key === undefined || claim.sessionToken !== undefined) throw invalidClientTokenId();
  const user = state.accounts[key.accountId]?.users[key.userName];
  if (user === undefined) throw invalidClientTokenId();
  return {
    secretAccessKey: key.secretAccessKey,
    principal: { kind: "user", accountId: key.accountId, user, session: undefined },
  };
}

/** A session ends with its role or user; one created later under the same name has another id. */
function sessionPrincipal(session: Session, state: SandboxState): Principal {
  const { accountId } = session;
  const account = state.accounts[accountId];
  if (session.kind === "user") {
    const user = account?.users[session.userName];
    if (user?.userId !== session.userId) throw invalidClientTokenId();
    return { kind: "user", accountId, user, session };
  }
  const role = account?.roles[session.roleName];
  if (role?.roleId !== session.roleId) throw invalidClientTokenId();
  return { kind: "role", accountId, role, session };
}

export function invalidClientTokenId(): AwsError {
  return new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
}
