import { STSClient } from "@aws-sdk/client-sts";
import { clientSettings } from "./client-settings.ts";
import type { Lifetime } from "./observed-handler.ts";
import { signingOffsetMs } from "./signing-time.ts";
import { sharedConfig } from "./shared-config.ts";
import type { Credentials } from "./source-credentials.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** An STS client for one job, and AWS's clock as its newest answer showed it. */
export interface Sts {
  readonly client: STSClient;
  /** How long credentials live that the newest answer brought; NaN where it named no end. */
  lifetimeUntil(expiration: Date | undefined): Lifetime;
}

/**
 * An STS client that asks once and leaves retries to the keeper. No error of it quotes the secrets it signs with.
 *
 * @param credentials - absent for the operations that nobody signs: an assertion or a token is their proof
 */
export async function stsClient(
  credentials: Credentials | undefined,
  settings: { readonly region?: string | undefined; readonly profile?: string | undefined },
): Promise<Sts> {
  const { env } = process;
  const shared = await sharedConfig();
  const profile = settings.profile || env["AWS_PROFILE"] || "default";
  const region =
    settings.region ||
    env["AWS_REGION"] ||
    env["AWS_DEFAULT_REGION"] ||
    shared.profile(profile)["region"] ||
    "us-east-1";
  const common = clientSettings("sts", profile, shared);
  const systemClockOffset = signingOffsetMs();
  const client = new STSClient({
    region,
    systemClockOffset,
    ...(credentials !== undefined && { credentials }),
    ...common,
  });
  if (credentials !== undefined) hideSecrets(client, credentials);
  return {
    client,
    lifetimeUntil: (expiration) => common.requestHandler.lifetimeUntil(expiration),
  };
}

/**
 * Of a signature that does not match, STS tells what should have been signed, with the session token.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
function hideSecrets(client: STSClient, { secretAccessKey, sessionToken }: Credentials): void {
  const secrets = [secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];
  client.middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        throw withoutSecrets(error, secrets);
      }
    },
    { step: "initialize", priority: "high", name: "hideSecrets" },
  );
}

/**
 * Sends once more when the first answer showed that the local clock is wrong: the client then signs by AWS's.
 */
export async function withClockCorrection<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (isClockSkew(error)) return send();
    throw error;
  }
}

function isClockSkew(error: unknown): boolean {
  if (!(error instanceof Error) || !("$metadata" in error)) return false;
  const metadata = error.$metadata;
  return typeof metadata === "object" && metadata !== null && "clockSkewCorrected" in metadata;
}
