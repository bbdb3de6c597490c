import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient, type Credentials } from "@aws-sdk/client-sts";
import { SandboxClock, startSandbox, type Sandbox, type SandboxOptions } from "@role-agent/sandbox";
import { onTestFinished } from "vitest";

export const HOME = "111122223333";
export const PARTNER = "444455556666";

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** A sandbox that ends with the test. */
export async function sandboxForTest(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

/**
 * A clock that stands still at the present, where the clients' signatures are valid; `expiration` is what it
 * makes of a lifetime.
 */
export function frozenClock(): { clock: SandboxClock; expiration: (seconds: number) => Date } {
  const now = Date.now();
  return {
    clock: new SandboxClock(() => now),
    expiration: (seconds) => new Date(Math.ceil(now / 1000 + seconds) * 1000),
  };
}

export function administrator(sandbox: Sandbox, accountId: string = HOME): Keys {
  const account = sandbox.accounts.find(({ id }) => id === accountId);
  if (account === undefined) throw new Error(`no account ${accountId}`);
  return { accessKeyId: account.accessKeyId, secretAccessKey: account.secretAccessKey };
}

export function sts(sandbox: Sandbox, credentials: Keys = administrator(sandbox)): STSClient {
  const client = new STSClient({ ...clientConfig(sandbox), credentials });
  onTestFinished(() => client.destroy());
  return client;
}

export function iam(sandbox: Sandbox, credentials: Keys = administrator(sandbox)): IAMClient {
  const client = new IAMClient({ ...clientConfig(sandbox), credentials });
  onTestFinished(() => client.destroy());
  return client;
}

function clientConfig(sandbox: Sandbox): { endpoint: string; region: string; maxAttempts: number } {
  return { endpoint: sandbox.url, region: sandbox.region, maxAttempts: 1 };
}

export function keysOf(credentials: Credentials | undefined): Keys {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new Error("the answer has no credentials");
  }
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

export interface Refusal {
  code: string;
  status: number;
  message: string;
}

/** What a client was refused with; fails where it was not. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error("the call succeeded");
  const {
    $metadata,
    Code,
    Error: detail,
  } = outcome as Error & {
    $metadata?: { httpStatusCode?: number };
    Code?: string;
    Error?: { Code?: string };
  };
  return {
    code: Code ?? detail?.Code ?? outcome.name,
    status: $metadata?.httpStatusCode ?? 0,
    message: outcome.message,
  };
}

/** A trust policy of one Allow statement. */
export function trust(principal: object, more: object = {}): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...more }],
  });
}

/** An identity policy of one statement. */
export function policy(action: string | string[], more: object = {}): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: "*", ...more }],
  });
}

export function roleArn(name: string, accountId: string = HOME): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}
