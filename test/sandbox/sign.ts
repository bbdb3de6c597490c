import { createHash, createHmac } from "node:crypto";
import { administrator, type Keys } from "./support.ts";
import type { Sandbox } from "@role-agent/sandbox";

/** What a request is signed with; everything has the value of a correct one unless said. */
export interface Signing {
  keys?: Keys;
  body?: string;
  /** Milliseconds since the epoch. */
  at?: number;
  scope?: { date?: string; region?: string; service?: string; terminator?: string };
  signedHeaders?: string[];
  headers?: Record<string, string>;
  /** For a presigned GET instead of a signed POST. */
  expiresInSeconds?: number;
}

export interface SignedPost {
  url: string;
  init: { method: "POST"; headers: Record<string, string>; body: string };
}

export const IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15";

/**
 * A signature by hand, independent of the library that the sandbox checks with.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedPost(sandbox: Sandbox, signing: Signing = {}): SignedPost {
  const { keys, scope, timestamp } = defaults(sandbox, signing);
  const body = signing.body ?? IDENTITY;
  const headers: Record<string, string> = {
    host: new URL(sandbox.url).host,
    "content-type": "application/x-www-form-urlencoded",
    "x-amz-date": timestamp,
    ...(keys.sessionToken && { "x-amz-security-token": keys.sessionToken }),
    ...signing.headers,
  };
  const signedHeaders = (signing.signedHeaders ?? Object.keys(headers)).toSorted();
  const canonical = canonicalRequest("POST", "", headers, signedHeaders, body);
  const signature = sign(keys, scope, timestamp, canonical);
  headers["authorization"] =
    `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope.join("/")}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return { url: sandbox.url, init: { method: "POST", headers, body } };
}

export function presignedUrl(sandbox: Sandbox, signing: Signing = {}): string {
  const { keys, scope, timestamp } = defaults(sandbox, signing);
  const query = new URLSearchParams([
    ...new URLSearchParams(signing.body ?? IDENTITY),
    ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
    ["X-Amz-Credential", `${keys.accessKeyId}/${scope.join("/")}`],
    ["X-Amz-Date", timestamp],
    ["X-Amz-Expires", String(signing.expiresInSeconds ?? 60)],
    ["X-Amz-SignedHeaders", "host"],
  ]);
  if (keys.sessionToken !== undefined) query.set("X-Amz-Security-Token", keys.sessionToken);
  const canonicalQuery = [...query]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join("&");
  const headers = { host: new URL(sandbox.url).host };
  const signature = sign(
    keys,
    scope,
    timestamp,
    canonicalRequest("GET", canonicalQuery, headers, ["host"], ""),
  );
  return `${sandbox.url}/?${canonicalQuery}&X-Amz-Signature=${signature}`;
}

function defaults(sandbox: Sandbox, signing: Signing): { keys: Keys; scope: string[]; timestamp: string } {
  const timestamp = basicTime(signing.at ?? sandbox.clock.now());
  const { date, region, service, terminator } = {
    date: timestamp.slice(0, 8),
    region: "us-east-1",
    service: "sts",
    terminator: "aws4_request",
    ...signing.scope,
  };
  return {
    keys: signing.keys ?? administrator(sandbox),
    scope: [date, region, service, terminator],
    timestamp,
  };
}

export function basicTime(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function canonicalRequest(
  method: string,
  query: string,
  headers: Record<string, string>,
  signedHeaders: string[],
  body: string,
): string {
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}\n`);
  return [
    method,
    "/",
    query,
    lines.join(""),
    signedHeaders.join(";"),
    headers["x-amz-content-sha256"] ?? sha256(body),
  ].join("\n");
}

function sign(keys: Keys, scope: string[], timestamp: string, canonical: string): string {
  const toSign = ["AWS4-HMAC-SHA256", timestamp, scope.join("/"), sha256(canonical)].join("\n");
  let key: string | Buffer = `AWS4${keys.secretAccessKey}`;
  for (const part of scope) key = createHmac("sha256", key).update(part).digest();
  return createHmac("sha256", key).update(toSign).digest("hex");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
