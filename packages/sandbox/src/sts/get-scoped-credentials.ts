import { AwsError } from "../aws-error.ts";
import type { Call } from "../call.ts";
import { integer, optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import { parseIdentityPolicy } from "../policy/document.ts";
import { parseSentPolicy } from "../policy-text.ts";
import { identityOf } from "../principal.ts";
import type { Session } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { credentialsXml, issueCredentials } from "./credentials.ts";

const globalHost = "sts.amazonaws.com";

/**
 * The caller's own session once more, with fewer rights, a nearer end or both. Needs no permission.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export function getScopedCredentials(call: Call): XmlObject {
  refuseGlobalEndpoint(call);
  const input = readInput(call.request.params, {
    Policy: optional(limits.federatedSessionPolicy),
    DurationSeconds: optional(integer(1, limits.maxUserSessionSeconds)),
    MinimumSessionTokenSize: optional(limits.sessionTokenSize),
    ScopedSessionDescription: optional(limits.sessionDescription),
  });
  const { Policy, DurationSeconds } = input;
  const calling = temporarySession(call);
  if (Policy === undefined && DurationSeconds === undefined) {
    throw new AwsError("ValidationError", "At least one of Policy and DurationSeconds must be specified");
  }
  const scopePolicies = withPolicy(calling.scopePolicies ?? [], Policy);
  const issued = issueCredentials(call, grantedSeconds(DurationSeconds, calling, call.now));
  const credentials = {
    ...issued,
    sessionToken: issued.sessionToken.padEnd(input.MinimumSessionTokenSize ?? 0, "="),
    expiresAt: Math.min(issued.expiresAt, calling.expiresAt),
  };
  call.state.sessions[credentials.accessKeyId] = { ...calling, ...credentials, scopePolicies };
  const { arn, userId } = identityOf(call.principal);
  return {
    Credentials: credentialsXml(credentials),
    SessionInfo: { ScopedSessionId: userId, Arn: arn },
    SessionTokenSize: credentials.sessionToken.length,
    ScopedPoliciesCount: scopePolicies.length,
    SourceIdentity: calling.kind === "role" ? calling.sourceIdentity : undefined,
  };
}

/** Only AWS's regional endpoints have the operation. */
function refuseGlobalEndpoint({ request }: Call): void {
  if (request.headers["host"] !== globalHost) return;
  throw new AwsError("InvalidAction", "Could not find operation GetScopedCredentials for version 2011-06-15");
}

function temporarySession({ principal }: Call): Session {
  if (principal.session !== undefined) return principal.session;
  throw new AwsError("AccessDenied", "Cannot call GetScopedCredentials with long-term credentials", 403);
}

function withPolicy(layers: string[], policy: string | undefined): string[] {
  if (policy === undefined) return layers;
  parseSentPolicy(parseIdentityPolicy, policy);
  if (layers.length < limits.maxScopePolicies) return [...layers, policy];
  throw new AwsError("AccessDenied", `The session already has ${layers.length} scope-down policies`, 403);
}

/** AWS doesn't cut what is too long, it refuses it. */
function grantedSeconds(asked: number | undefined, { expiresAt }: Session, now: number): number {
  const secondsLeft = (expiresAt - now) / 1000;
  if (asked === undefined) return secondsLeft;
  if (asked <= secondsLeft) return asked;
  throw new AwsError(
    "InsufficientSessionLifetime",
    `The requested DurationSeconds ${asked} exceeds the calling session's remaining lifetime of ${Math.floor(secondsLeft)} seconds`,
  );
}
