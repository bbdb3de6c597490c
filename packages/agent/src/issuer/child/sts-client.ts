import { STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { clientSettings } from "./client-settings.ts";
import type { Lifetime } from "./observed-handler.ts";
import { sharedConfig } from "./shared-config.ts";

type Credentials = NonNullable<STSClientConfig["credentials"]>;

/** An STS client for one job, and AWS's clock as its newest answer showed it. */
export interface Sts {
  readonly client: STSClient;
  /** How long credentials live that the newest answer brought; NaN where it named no end. */
  lifetimeUntil(expiration: Date | undefined): Lifetime;
}

/**
 * An STS client that asks once and leaves retries to the keeper.
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
  return {
    client: new STSClient({ region, ...(credentials !== undefined && { credentials }), ...common }),
    lifetimeUntil: (expiration) => common.requestHandler.lifetimeUntil(expiration),
  };
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
