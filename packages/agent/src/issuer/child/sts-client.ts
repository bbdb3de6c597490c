import { STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import type { RoleSession } from "../../core/session.ts";
import { outboundHandler } from "./outbound.ts";
import { serverNow } from "./server-clock.ts";
import { sharedConfig } from "./shared-config.ts";

type Credentials = NonNullable<STSClientConfig["credentials"]>;

/** When a session came and when it ends. */
export type Lifetime = Pick<RoleSession, "expiresAt" | "receivedAt" | "lifetimeMs">;

/** An STS client for one job, and AWS's clock as its newest answer showed it. */
export interface Sts {
  readonly client: STSClient;
  /** How long credentials live that the newest answer brought; NaN where it named no end. */
  lifetimeUntil(expiration: Date | undefined): Lifetime;
}

/**
 * An STS client that asks once and leaves retries to the keeper. Endpoint: `AWS_ENDPOINT_URL_STS`,
 * `AWS_ENDPOINT_URL`, the profile's `endpoint_url`, else AWS's regional one.
 *
 * @param credentials - absent for the operations that nobody signs: an assertion or a token is their proof
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function stsClient(
  credentials: Credentials | undefined,
  settings: { readonly region?: string | undefined; readonly profile?: string | undefined },
): Promise<Sts> {
  const { env } = process;
  const shared = await sharedConfig();
  const profile = settings.profile ?? env["AWS_PROFILE"] ?? "default";
  const region =
    settings.region ??
    env["AWS_REGION"] ??
    env["AWS_DEFAULT_REGION"] ??
    shared.profile(profile)["region"] ??
    "us-east-1";
  const endpoint =
    endpointFromEnvironment(env) === undefined ? shared.endpointUrl(profile, "sts") : undefined;
  const ignored = env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true";
  const client = new STSClient({
    region,
    ...(credentials !== undefined && { credentials }),
    maxAttempts: 1,
    requestHandler: outboundHandler(),
    ...(endpoint === undefined || ignored ? {} : { endpoint }),
  });
  let sample = { date: Number.NaN, sentAt: 0, receivedAt: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const sentAt = Date.now();
      const result = await next(args);
      const date = Date.parse(dateHeader(result.response));
      sample = { date, sentAt, receivedAt: Date.now() };
      return result;
    },
    { step: "deserialize", priority: "low", name: "sampleServerClock" },
  );
  return {
    client,
    lifetimeUntil: (expiration) => {
      const expiresAt = expiration?.getTime() ?? Number.NaN;
      const { date, sentAt, receivedAt } = sample;
      return { expiresAt, receivedAt, lifetimeMs: expiresAt - serverNow(date, sentAt, receivedAt) };
    },
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

function endpointFromEnvironment(env: NodeJS.ProcessEnv): string | undefined {
  return env["AWS_ENDPOINT_URL_STS"] ?? env["AWS_ENDPOINT_URL"];
}

function dateHeader(response: unknown): string {
  if (typeof response !== "object" || response === null || !("headers" in response)) return "";
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return "";
  return String(headers.date);
}
