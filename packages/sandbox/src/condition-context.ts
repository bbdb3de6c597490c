import type { Call, UnsignedCall } from "./call.ts";
import { isoSeconds } from "./clock.ts";
import type { ConditionContext } from "./policy/context.ts";
import { callerOf, identityOf } from "./principal.ts";
import type { Session } from "./state.ts";
import type { Tag } from "./tags.ts";

/** Condition keys that one action adds; `undefined` is a key that the request doesn't have. */
export type ActionKeys = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The condition keys of a call: the global ones
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html), then
 * `actionKeys`. What AWS leaves out of a request context is left out here, since operators with `…IfExists`,
 * `Null` and the `…Not…` ones tell the difference.
 */
export function conditionContext(call: Call, actionKeys: ActionKeys = {}): ConditionContext {
  return contextOf({
    ...requestKeys(call),
    "aws:RequestedRegion": call.region,
    ...principalKeys(call),
    ...actionKeys,
  });
}

/** The condition keys of a call that nobody signed: `actionKeys` say who asks. */
export function federatedContext(call: UnsignedCall, actionKeys: ActionKeys): ConditionContext {
  return contextOf({ ...requestKeys(call), ...actionKeys });
}

function contextOf(keys: ActionKeys): ConditionContext {
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(keys)) {
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  return context;
}

/** `aws:RequestTag/…` and `aws:TagKeys`, where the request passes tags. */
export function requestTagKeys(tags: readonly Tag[]): ActionKeys {
  if (tags.length === 0) return {};
  const byKey = Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]));
  return { ...byKey, "aws:TagKeys": tags.map(({ Key }) => Key) };
}

/**
 * What temporary credentials say about MFA. Those of AssumeRole carry none, however the role was assumed, and
 * long-term keys leave the keys out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
export function mfaKeys(authenticatedAt: number | undefined, now: number): ActionKeys {
  if (authenticatedAt === undefined) return { "aws:MultiFactorAuthPresent": "false" };
  return {
    "aws:MultiFactorAuthPresent": "true",
    "aws:MultiFactorAuthAge": String(Math.floor((now - authenticatedAt) / 1000)),
  };
}

function requestKeys({ request, now }: UnsignedCall): ActionKeys {
  return {
    "aws:CurrentTime": isoSeconds(now),
    "aws:EpochTime": String(Math.floor(now / 1000)),
    // AWS's endpoints speak TLS alone, and this one stands in for them.
    "aws:SecureTransport": "true",
    "aws:SourceIp": request.sourceIp,
    "aws:UserAgent": request.headers["user-agent"],
  };
}

function principalKeys({ principal, now }: Call): ActionKeys {
  const caller = callerOf(principal);
  const tags = Object.entries(caller.principalTags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return {
    "aws:PrincipalAccount": caller.accountId,
    "aws:PrincipalArn": caller.roleArn ?? caller.arn,
    "aws:PrincipalType": principal.kind === "user" ? "User" : "AssumedRole",
    "aws:userid": identityOf(principal).userId,
    "aws:username": principal.kind === "user" ? principal.user.userName : undefined,
    "aws:SourceIdentity": principal.kind === "role" ? principal.session.sourceIdentity : undefined,
    "aws:TokenIssueTime": principal.session && isoSeconds(principal.session.issuedAt),
    ...(principal.session && mfaKeys(mfaAuthenticatedAt(principal.session), now)),
    ...Object.fromEntries(tags),
  };
}

function mfaAuthenticatedAt(session: Session): number | undefined {
  return session.kind === "user" ? session.mfaAuthenticatedAt : undefined;
}
