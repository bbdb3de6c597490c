import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IssuedSession } from "../../packages/agent/src/core/session.ts";
import { assumeRole } from "../../packages/agent/src/issuer/child/sources/assume-role.ts";
import { loginSession } from "../../packages/agent/src/issuer/child/sources/login.ts";
import { processSession } from "../../packages/agent/src/issuer/child/sources/process.ts";
import { ssoSession } from "../../packages/agent/src/issuer/child/sources/sso.ts";
import type { SsoRole } from "../../packages/agent/src/core/role.ts";

/** Obtains one session, as the issuer's child does; `round` tells the calls apart. */
export type Ask = (round: number, signal: AbortSignal) => Promise<IssuedSession>;

const base = { name: "deploy", definedIn: "test" };

/** By AssumeRole with the session of another role. */
export const askSts: Ask = async (_round, signal) => {
  const hour = { expiresAt: Date.now() + 3_600_000, receivedAt: Date.now(), lifetimeMs: 3_600_000 };
  const keys = { accessKeyId: "ASIAIOSFODNN7SOURCE0", secretAccessKey: "source", sessionToken: "source" };
  const role = {
    ...base,
    type: "assume-role",
    roleArn: "arn:aws:iam::444455556666:role/Deploy",
    source: { type: "role", role: "base" },
    roleSessionName: "x",
    durationSeconds: 3600,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
  } as const;
  return assumeRole(role, { ...keys, ...hour }, signal);
};

/** By GetRoleCredentials with a token that lives as long as is said: one that has ended is renewed first. */
export function askSso(directory: string, tokenMinutes: number): Ask {
  const tokenFile = join(directory, "sso.json");
  const role: SsoRole = {
    ...base,
    type: "sso",
    accountId: "444455556666",
    ssoRoleName: "ReadOnly",
    startUrl: "https://d-1234567890.awsapps.com/start",
    ssoRegion: "eu-west-1",
    sessionName: "corp",
    scopes: ["sso:account:access"],
    tokenFile,
  };
  return async (round, signal) => {
    const expiresAt = new Date(Date.now() + tokenMinutes * 60_000).toISOString();
    const client = { clientId: "client", clientSecret: "client-secret" };
    put(tokenFile, { accessToken: "access", refreshToken: `refresh-${round}`, expiresAt, ...client });
    return ssoSession(role, signal);
  };
}

/** By CreateOAuth2Token, for a login whose keys are to be replaced. */
export function askSignin(directory: string): Ask {
  const tokenFile = join(directory, "login.json");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const dpopKey = privateKey.export({ type: "sec1", format: "pem" });
  const held = "ASIAIOSFODNN7HELD000";
  const role = {
    ...base,
    type: "login",
    loginSession: "arn:aws:iam::444455556666:user/alice",
    tokenFile,
  } as const;
  return async (round, signal) => {
    const keys = {
      accessKeyId: held,
      secretAccessKey: "held",
      sessionToken: "held",
      accountId: "444455556666",
    };
    const accessToken = { ...keys, expiresAt: new Date(Date.now() + 60_000).toISOString() };
    put(tokenFile, { accessToken, clientId: "client", refreshToken: `refresh-${round}`, dpopKey });
    return loginSession(role, held, signal);
  };
}

/** By a credential_process, which prints the file of this path. */
export function askProcess(printedFile: string): Ask {
  const role = {
    ...base,
    type: "process",
    command: `/bin/cat "${printedFile}"`,
    durationSeconds: 3600,
  } as const;
  return async (_round, signal) => processSession(role, signal);
}

function put(path: string, document: object): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(document), { mode: 0o600 });
}
