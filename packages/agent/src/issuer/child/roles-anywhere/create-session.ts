import { RoleAgentError } from "@role-agent/provider/errors";
import { request } from "undici";
import * as v from "valibot";
import type { RolesAnywhereRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { outboundAgent } from "../outbound.ts";
import { parseJson } from "../parse-json.ts";
import type { Answer } from "../aws-answer.ts";
import { serverNow } from "../server-clock.ts";
import { signingOffsetMs } from "../signing-time.ts";
import type { Identity } from "./identity.ts";
import { refusal } from "./refusal.ts";
import { canonicalQuery, signedHeaders, type UnsignedRequest } from "./sign.ts";

/** AWS takes a signature's date within five minutes; past that the local clock is what is wrong. */
const maxSkewMs = 5 * 60_000;

const answerSchema = v.object({
  credentialSet: v.tupleWithRest(
    [
      v.object({
        roleArn: v.string(),
        credentials: v.object({
          accessKeyId: v.string(),
          secretAccessKey: v.string(),
          sessionToken: v.string(),
          expiration: v.string(),
        }),
      }),
    ],
    v.unknown(),
  ),
});

/** An answer, and when it came. */
interface TimedAnswer extends Answer {
  readonly receivedAt: number;
  /** AWS's clock at that moment. */
  readonly serverTime: number;
}

/**
 * Asks Roles Anywhere once for a session, and once more with AWS's own time where a refusal shows that the local
 * clock is wrong. An answer for another role than the one asked for is refused.
 *
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html
 */
export async function createSession(
  role: RolesAnywhereRole,
  identity: Identity,
  endpoint: URL,
  signal: AbortSignal,
): Promise<IssuedSession> {
  const call = `rolesanywhere:CreateSession of ${role.roleArn}`;
  const signedAt = Date.now() + signingOffsetMs();
  let answer = await send(role, identity, endpoint, signedAt, signal);
  if (answer.status === 403 && Math.abs(answer.serverTime - signedAt) > maxSkewMs) {
    answer = await send(role, identity, endpoint, answer.serverTime, signal);
  }
  if (answer.status < 200 || answer.status > 299) throw refusal(answer, call);
  const parsed = v.safeParse(answerSchema, answer.body);
  if (!parsed.success) throw new RoleAgentError("SourceUnavailable", `${call}: the answer is not understood`);
  const [{ roleArn, credentials }] = parsed.output.credentialSet;
  if (roleArn !== role.roleArn) {
    throw new RoleAgentError("SourceUnavailable", `${call}: the answer is for another role`);
  }
  const { expiration, ...keys } = credentials;
  const expiresAt = Date.parse(expiration);
  const { receivedAt, serverTime } = answer;
  const accountId = roleArn.split(":")[4];
  return {
    ...keys,
    expiresAt,
    receivedAt,
    lifetimeMs: expiresAt - serverTime,
    roleArn,
    ...(accountId !== undefined && { accountId }),
  };
}

async function send(
  role: RolesAnywhereRole,
  identity: Identity,
  endpoint: URL,
  now: number,
  signal: AbortSignal,
): Promise<TimedAnswer> {
  const unsigned = unsignedRequest(role, endpoint);
  const { host: _, ...headers } = signedHeaders(unsigned, identity, {
    region: role.region,
    service: "rolesanywhere",
    now,
  });
  const sentAt = Date.now();
  const response = await request(`${endpoint.origin}${unsigned.path}?${canonicalQuery(unsigned.query)}`, {
    method: "POST",
    headers,
    body: unsigned.body,
    signal,
    dispatcher: outboundAgent(),
  });
  const text = await response.body.text();
  const receivedAt = Date.now();
  const serverTime = serverNow(Date.parse(String(response.headers["date"])), sentAt, receivedAt);
  return {
    status: response.statusCode,
    headers: response.headers,
    body: parseJson(text),
    receivedAt,
    serverTime,
  };
}

/** The ARNs in the query and the rest in the body, as AWS's own client has them. */
function unsignedRequest(role: RolesAnywhereRole, endpoint: URL): UnsignedRequest {
  const { roleArn, profileArn, trustAnchorArn, durationSeconds, roleSessionName } = role;
  return {
    method: "POST",
    host: endpoint.host,
    path: `${endpoint.pathname.replace(/\/$/, "")}/sessions`,
    query: { profileArn, roleArn, trustAnchorArn },
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ durationSeconds, roleSessionName }),
  };
}
