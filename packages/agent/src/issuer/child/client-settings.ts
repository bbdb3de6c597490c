import { ObservedHandler } from "./observed-handler.ts";
import type { SharedConfig } from "./shared-config.ts";

/** What every client of an AWS service is made with, beside its region and credentials. */
export interface ClientSettings {
  readonly maxAttempts: 1;
  readonly requestHandler: ObservedHandler;
  readonly endpoint?: string;
}

/**
 * Settings of a client that asks once and leaves retries to the keeper. Endpoint: `AWS_ENDPOINT_URL_SERVICE`,
 * `AWS_ENDPOINT_URL`, the profile's `endpoint_url`, else AWS's regional one. Empty variables count as absent.
 *
 * @param service - as the shared config calls it
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function clientSettings(
  service: "sts" | "sso" | "sso_oidc",
  profile: string,
  shared: SharedConfig,
): ClientSettings {
  const { env } = process;
  // The SDK itself finds those of the environment.
  const inEnvironment = env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || env["AWS_ENDPOINT_URL"];
  const isIgnored = env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true";
  const endpoint = !inEnvironment && !isIgnored ? shared.endpointUrl(profile, service) : undefined;
  return {
    maxAttempts: 1,
    requestHandler: new ObservedHandler(),
    ...(endpoint !== undefined && { endpoint }),
  };
}
