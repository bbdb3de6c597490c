import type { KeyObject } from "node:crypto";
import { RoleAgentError } from "@role-agent/provider/errors";
import { request } from "undici";
import * as v from "valibot";
import type { LoginRole } from "../../../core/role.ts";
import { utcSeconds, type IssuedSession } from "../../../core/session.ts";
import type { Answer } from "../aws-answer.ts";
import { outboundAgent } from "../outbound.ts";
import { parseJson } from "../parse-json.ts";
import { renewalKept, Renewals } from "../renewals.ts";
import { fromSdkError } from "../sdk-error.ts";
import { serverNow } from "../server-clock.ts";
import { dpopProof } from "./dpop.ts";
import { signinEndpoint } from "./endpoint.ts";
import { refusal } from "./refusal.ts";
import { dpopKeyOf, nextLoginToken, readLoginToken, type LoginToken } from "./token-file.ts";

/** Past this the local clock may be why a dated proof is refused. */
const maxSkewMs = 60_000;

const answerSchema = v.object({
  accessToken: v.object({
    accessKeyId: v.string(),
    secretAccessKey: v.string(),
    sessionToken: v.string(),
  }),
  expiresIn: v.pipe(v.number(), v.finite()),
  refreshToken: v.pipe(v.string(), v.nonEmpty()),
});

/** An answer, when it was asked for and came, and AWS's clock then. */
interface TimedAnswer extends Answer {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Of the Date header, whole seconds; NaN where there is none. */
  readonly date: number;
}

const renewals = new Renewals<IssuedSession>();

/**
 * Exchanges the refresh token of a login for new keys, and keeps both in the login's file. Roles of one login share a
 * renewal.
 *
 * @see https://docs.aws.amazon.com/signin/latest/APIReference/API_dataplane-signin_CreateOAuth2Token.html
 */
export async function renewLogin(
  role: LoginRole,
  token: LoginToken,
  signal: AbortSignal,
): Promise<IssuedSession> {
  try {
    return await renewals.join(token.refreshToken, async (own) => renew(role, token, own), signal);
  } catch (error) {
    throw fromSdkError(error, callOf(role));
  }
}

function callOf({ loginSession }: LoginRole): string {
  return `signin:CreateOAuth2Token of ${loginSession}`;
}

async function renew(role: LoginRole, token: LoginToken, signal: AbortSignal): Promise<IssuedSession> {
  const key = dpopKeyOf(role, token);
  const next = nextLoginToken(role);
  try {
    const answer = await ask(role, token, key, signal);
    if (answer.status < 200 || answer.status > 299) throw refusal(role, answer, token.refreshToken);
    const parsed = v.safeParse(answerSchema, answer.body);
    if (!parsed.success) {
      throw new RoleAgentError("SourceUnavailable", `${callOf(role)}: the answer is not understood`);
    }
    const { accessToken: keys, expiresIn, refreshToken } = parsed.output;
    const lifetime = lifetimeOf(answer, expiresIn);
    // By the local clock, which is what every reader of the file compares it with.
    const expiresAt = utcSeconds(lifetime.receivedAt + lifetime.lifetimeMs);
    const newest = await readLoginToken(role).catch((error: unknown) => unlessGone(error, token));
    // A login stays that a person or the AWS CLI has put there in the meantime.
    if (newest.refreshToken === token.refreshToken) {
      const accessToken = { ...token.accessToken, ...keys, expiresAt };
      renewalKept(next.put({ ...token, accessToken, refreshToken }));
    }
    return { ...keys, ...lifetime, accountId: token.accessToken.accountId };
  } finally {
    next.discard();
  }
}

/** A file that can't be read just now must not cost what AWS gives once. */
function unlessGone(error: unknown, token: LoginToken): LoginToken {
  if (error instanceof RoleAgentError && error.code === "LoginRequired") throw error;
  return token;
}

/** Asks once, and once more with AWS's own time where a refusal shows that the local clock is wrong. */
async function ask(
  role: LoginRole,
  token: LoginToken,
  key: KeyObject,
  signal: AbortSignal,
): Promise<TimedAnswer> {
  const endpoint = await signinEndpoint(role, token.signInRegion, process.env);
  const url = `${endpoint.origin}${endpoint.pathname.replace(/\/$/, "")}/v1/token`;
  const answer = await send(url, token, dpopProof(key, url, Date.now()), signal);
  const isRefused = answer.status >= 400 && answer.status < 404;
  return isRefused && Math.abs(answer.date - answer.receivedAt) > maxSkewMs
    ? send(url, token, dpopProof(key, url, answer.date), signal)
    : answer;
}

async function send(url: string, token: LoginToken, dpop: string, signal: AbortSignal): Promise<TimedAnswer> {
  const { clientId, refreshToken } = token;
  const sentAt = Date.now();
  const response = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json", dpop },
    body: JSON.stringify({ clientId, grantType: "refresh_token", refreshToken }),
    signal,
    dispatcher: outboundAgent(),
  });
  const text = await response.body.text();
  const date = Date.parse(String(response.headers["date"]));
  return {
    status: response.statusCode,
    headers: response.headers,
    body: parseJson(text),
    sentAt,
    receivedAt: Date.now(),
    date,
  };
}

/** The end, counted from the earliest moment at which AWS can have issued the keys. */
function lifetimeOf(
  { date, sentAt, receivedAt }: TimedAnswer,
  expiresIn: number,
): Pick<IssuedSession, "expiresAt" | "receivedAt" | "lifetimeMs"> {
  const expiresAt = (Number.isNaN(date) ? sentAt : date) + expiresIn * 1000;
  return { expiresAt, receivedAt, lifetimeMs: expiresAt - serverNow(date, sentAt, receivedAt) };
}
