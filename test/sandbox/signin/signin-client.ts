import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { LoginDocument, Sandbox } from "@role-agent/sandbox";
import { exportJWK, SignJWT, type JWTHeaderParameters } from "jose";

export const sameDevice = "arn:aws:signin:::devtools/same-device";

/** What may be wrong with a proof. */
export interface ProofChanges {
  readonly header?: Partial<JWTHeaderParameters>;
  readonly claims?: Record<string, unknown>;
  /** Seconds since it was made. */
  readonly age?: number;
  readonly key?: KeyObject;
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

export function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

/** A DPoP proof, made by jose and not by the code of the agent. */
export async function proofFor(
  sandbox: Sandbox,
  key: KeyObject,
  { header, claims, age = 0, key: signer = key }: ProofChanges = {},
): Promise<string> {
  const { d: _, ...jwk } = await exportJWK(key);
  const iat = Math.floor(sandbox.clock.now() / 1000) - age;
  const htu = `${sandbox.url}/v1/token`;
  return new SignJWT({ htm: "POST", htu, iat, jti: crypto.randomUUID(), ...claims })
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk, ...header })
    .sign(signer);
}

export async function post(sandbox: Sandbox, input: object, proof?: string): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/v1/token`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(proof !== undefined && { dpop: proof }) },
    body: JSON.stringify(input),
  });
  const body: unknown = await response.json();
  return {
    status: response.status,
    type: response.headers.get("x-amzn-errortype"),
    body: { ...Object(body) },
  };
}

/** Renews a login; `changes` are to the body. */
export async function refresh(
  sandbox: Sandbox,
  login: LoginDocument,
  changes: object = {},
  proof: ProofChanges = {},
): Promise<Answer> {
  const { clientId, refreshToken, dpopKey } = login;
  const input = { clientId, grantType: "refresh_token", refreshToken, ...changes };
  return post(sandbox, input, await proofFor(sandbox, createPrivateKey(dpopKey), proof));
}
