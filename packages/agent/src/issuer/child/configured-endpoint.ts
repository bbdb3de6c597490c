import { RoleAgentError } from "@role-agent/provider/errors";
import { sharedConfig } from "./shared-config.ts";

/** A service that is not called by the SDK, so that its endpoint settings are read here. */
export interface ServiceNames {
  /** For messages: `Roles Anywhere`. */
  readonly title: string;
  /** In `services` sections: `rolesanywhere`. */
  readonly key: string;
}

/**
 * The endpoint that the environment (`AWS_ENDPOINT_URL_…`, `AWS_ENDPOINT_URL`) or a profile (`services`, `endpoint_url`)
 * sets for a service. Rejects with `InvalidConfiguration` where that is no URL.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function configuredEndpoint(
  { title, key }: ServiceNames,
  profile: string,
  env: NodeJS.ProcessEnv,
): Promise<URL | undefined> {
  if (env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return undefined;
  const variable = `AWS_ENDPOINT_URL_${key.toUpperCase()}`;
  const text = env[variable] || env["AWS_ENDPOINT_URL"] || (await sharedConfig()).endpointUrl(profile, key);
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new RoleAgentError("InvalidConfiguration", `the configured endpoint of ${title} is no URL`, {
    hint: `check ${variable}, AWS_ENDPOINT_URL and endpoint_url`,
  });
}
