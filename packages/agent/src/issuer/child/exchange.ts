import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import type { IssuedSession } from "../../core/session.ts";
import type { Credentials } from "./source-credentials.ts";
import { stsClient, withClockCorrection } from "./sts-client.ts";

/** For temporary keys that name no end: what is claimed of them, and half of it passes before they are read again. */
const unknownLifetimeMs = 900_000;

/** Where and for how long long-term keys are exchanged. */
export interface ExchangeSettings {
  readonly durationSeconds: number;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/**
 * Makes a session of whatever credentials were found. Long-term keys are exchanged by GetSessionToken, so that only a
 * temporary copy of them ever leaves this process.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export async function toSession(
  found: Credentials,
  settings: ExchangeSettings,
  signal: AbortSignal,
): Promise<IssuedSession> {
  const account = found.accountId === undefined ? {} : { accountId: found.accountId };
  const { accessKeyId, secretAccessKey, sessionToken } = found;
  if (sessionToken !== undefined) {
    const receivedAt = Date.now();
    const expiresAt = found.expiration?.getTime() ?? receivedAt + unknownLifetimeMs;
    const byAwsClock = found.expiration === undefined ? "nothing" : "end";
    const lifetime = { expiresAt, receivedAt, lifetimeMs: expiresAt - receivedAt, byAwsClock } as const;
    return { ...account, accessKeyId, secretAccessKey, sessionToken, ...lifetime };
  }
  const sts = await stsClient(found, settings);
  const command = new GetSessionTokenCommand({ DurationSeconds: settings.durationSeconds });
  const { Credentials: issued } = await withClockCorrection(() =>
    sts.client.send(command, { abortSignal: signal }),
  );
  return {
    ...account,
    accessKeyId: issued?.AccessKeyId ?? "",
    secretAccessKey: issued?.SecretAccessKey ?? "",
    sessionToken: issued?.SessionToken ?? "",
    ...sts.lifetimeUntil(issued?.Expiration),
  };
}
