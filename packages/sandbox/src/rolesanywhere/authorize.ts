import { isoSeconds } from "../clock.ts";
import { requestTagKeys } from "../condition-context.ts";
import type { Caller } from "../policy/context.ts";
import { parseTrustPolicy } from "../policy/document.ts";
import { evaluateTrustPolicy } from "../policy/evaluate.ts";
import type { Role, TrustAnchor } from "../state.ts";
import { tagList, type Tags } from "../tags.ts";
import { denied } from "./signature.ts";

/** The session that the service asks for on behalf of a certificate. */
export interface RequestedSession {
  role: Role;
  anchor: TrustAnchor;
  tags: Tags;
  sessionName: string;
  sourceIdentity: string | undefined;
  sourceIp: string;
  now: number;
}

/**
 * Asks the role's trust policy whether rolesanywhere.amazonaws.com may assume it, tag the session and set its
 * source identity. Throws `AccessDeniedException` with what decided.
 * https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
 */
export function authorizeService(session: RequestedSession): void {
  const { role, anchor, tags, sourceIdentity } = session;
  const caller: Caller = {
    kind: "service",
    accountId: "",
    arn: "rolesanywhere.amazonaws.com",
    principalTags: tags,
  };
  const keys: [string, string | readonly string[] | undefined][] = [
    ...Object.entries(requestTagKeys(tagList(tags))),
    ...Object.entries(tags).map(([key, value]): [string, string] => [`aws:PrincipalTag/${key}`, value]),
    ["aws:SourceArn", anchor.trustAnchorArn],
    ["aws:SourceAccount", anchor.accountId],
    ["aws:SourceIp", session.sourceIp],
    ["aws:SecureTransport", "true"],
    ["aws:CurrentTime", isoSeconds(session.now)],
    ["aws:EpochTime", String(Math.floor(session.now / 1000))],
    ["sts:SourceIdentity", sourceIdentity],
    ["sts:RoleSessionName", session.sessionName],
  ];
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of keys) {
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  const trust = parseTrustPolicy(role.trustPolicy);
  for (const action of ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]) {
    const { effect, reason } = evaluateTrustPolicy(trust, { action, resource: role.arn, caller, context });
    if (effect !== "allow") throw denied(`Unable to assume role for ${role.arn}: ${action} (${reason})`);
  }
}
