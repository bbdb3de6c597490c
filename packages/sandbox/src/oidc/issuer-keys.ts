import type { JSONWebKeySet } from "jose";
import { AwsError } from "../aws-error.ts";
import type { TrustedIssuer } from "./trusted-issuer.ts";

const timeoutMs = 2000;

/**
 * The public keys of an issuer: those of the sandbox's state, else those its discovery document leads to, as long as all of
 * that is on this machine. Throws `IDPCommunicationError` or `InvalidIdentityToken`.
 * https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export async function issuerKeys({ url, jwks }: TrustedIssuer): Promise<JSONWebKeySet> {
  if (jwks !== undefined) return jwks;
  const discovery = await fetchJson(`${url.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const jwksUri = isObject(discovery) && discovery["issuer"] === url ? discovery["jwks_uri"] : undefined;
  const keys = typeof jwksUri === "string" ? await fetchJson(jwksUri) : undefined;
  return isKeySet(keys) ? keys : noKeys();
}

/** Whether a URL is of this machine, the only one that the sandbox talks to. */
export function isLoopback(url: string): boolean {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: "", hostname: "" };
  return /^https?:$/.test(protocol) && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

/** AWS's answer to a token whose issuer's keys it can't have, or has and doesn't find the token's among them. */
export function noKeys(): never {
  throw new AwsError(
    "InvalidIdentityToken",
    "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
  );
}

async function fetchJson(url: string): Promise<unknown> {
  if (!isLoopback(url)) noKeys();
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) }).catch(
    () => undefined,
  );
  if (response === undefined || response.status >= 500) {
    throw new AwsError("IDPCommunicationError", "The identity provider can't be reached.");
  }
  return response.json().catch(noKeys);
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return isObject(value) && Array.isArray(value["keys"]) && value["keys"].every(isObject);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
